#include "tests/chaos/caller.hpp"

#include "pkg/json/json.hpp"

namespace mall::chaos {

using namespace std::chrono_literals;

std::string euros(std::int64_t cents) { return R"({"currency":"EUR","minorUnits":)" + std::to_string(cents) + "}"; }

bool read(const Reply& reply, google::protobuf::Message& into, Run& run) {
  const auto result = pkg::json::read(reply.body, into);
  if (!result) run.find("unreadable: " + result.error().detail + ": " + reply.body);
  return result.has_value();
}

Caller::Caller(const Ports& ports, Run& run, std::string username, std::string password)
    : run_(run), username_(std::move(username)), password_(std::move(password)) {
  for (const auto& [service, port] : ports) connections_[service] = std::make_unique<Http>(port);
}

void Caller::sign_up() {
  const auto body = R"({"username":")" + username_ + R"(","email":")" + username_ + R"(@example.org","password":")" + password_ + "\"}";
  const auto since = now();
  auto reply = send("users", "POST", "/users", body, 0);
  // A name that is taken is ours: an earlier request has had its effect.
  while (!reply.is_fine() && reply.status != 409) {
    if (run_.is_late(since, Run::settling_limit)) return run_.find("cannot sign up: " + std::to_string(reply.status) + " " + reply.body);
    run_.wait(50ms);
    reply = send("users", "POST", "/users", body, 0);
  }
  sign_in();
}

void Caller::sign_in() {
  const auto since = now();
  while (true) {
    const auto reply = send("users", "POST", "/sessions", credentials(), 0);
    if (reply.is_fine()) {
      token_ = reply.text("accessToken");
      if (id_.empty()) id_ = reply.text("id");
      return;
    }
    if (run_.is_late(since, Run::settling_limit)) return run_.find("cannot sign in: " + std::to_string(reply.status) + " " + reply.body);
    run_.wait(50ms);
  }
}

Reply Caller::send(std::string_view service, std::string_view verb, std::string_view path, std::string_view body, std::uint64_t version) {
  std::string headers;
  if (!token_.empty()) headers += "Authorization: Bearer " + token_ + "\r\n";
  if (version != 0) headers += "If-Match: \"" + std::to_string(version) + "\"\r\n";
  auto reply = connections_.find(service)->second->ask(verb, "/api/v1" + std::string(path), body, headers, patience);
  if (reply.status == 500) run_.find("500 from " + std::string(verb) + " " + std::string(path) + ": " + reply.body);
  return reply;
}

Reply Caller::ask(std::string_view service, std::string_view verb, std::string_view path, std::string_view body, std::uint64_t version) {
  auto reply = send(service, verb, path, body, version);
  if (reply.status == 401) {
    token_.clear();
    sign_in();
    reply = send(service, verb, path, body, version);
  }
  return reply;
}

Reply Caller::must(std::string_view service, std::string_view verb, std::string_view path, std::string_view body) {
  const auto since = now();
  while (true) {
    const auto reply = ask(service, verb, path, body);
    if (reply.is_fine()) return reply;
    if (reply.is_settled() || run_.is_late(since, Run::settling_limit)) {
      run_.find(std::string(verb) + " " + std::string(path) + ": " + std::to_string(reply.status) + " " + reply.body);
      return reply;
    }
    run_.wait(50ms);
  }
}

}  // namespace mall::chaos
