#include "tests/mall/visitor.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <stdexcept>
#include <utility>

#include "pkg/json/json.hpp"
#include "pkg/rest/testing/raw_client.hpp"
#include "pkg/testing/wait.hpp"
#include "users/userspb/api.pb.h"

namespace mall::testing {
namespace {

/// What deploy/nginx does in front of the mall.
constexpr std::array<std::pair<std::string_view, std::string_view>, 14> services_by_path{{{"users", "users"},
                                                                                          {"sessions", "users"},
                                                                                          {"jwks", "users"},
                                                                                          {"stores", "stores"},
                                                                                          {"products", "stores"},
                                                                                          {"baskets", "baskets"},
                                                                                          {"orders", "ordering"},
                                                                                          {"shopping-lists", "depot"},
                                                                                          {"bots", "depot"},
                                                                                          {"payments", "payments"},
                                                                                          {"invoices", "payments"},
                                                                                          {"search", "search"},
                                                                                          {"notifications", "notifications"},
                                                                                          {"sagas", "cosec"}}};

std::string lower(std::string_view text) {
  std::string result(text);
  std::ranges::transform(result, result.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return result;
}

std::string unique_name(std::string_view word) {
  static std::atomic<int> made = 0;
  return std::string(word) + "-" + std::to_string(::getpid()) + "-" + std::to_string(++made);
}

}  // namespace

std::string_view service_of(std::string_view path) {
  const auto first = path.substr(1, path.find_first_of("/:?", 1) - 1);
  const auto found = std::ranges::find(services_by_path, first, [](const auto& entry) { return entry.first; });
  if (found == services_by_path.end()) throw std::invalid_argument("no service has " + std::string(path));
  return found->second;
}

std::string Answer::text(std::string_view name) const {
  const auto key = "\"" + std::string(name) + "\":\"";
  const auto from = body.find(key);
  if (from == std::string::npos) return {};
  const auto begin = from + key.size();
  return body.substr(begin, body.find('"', begin) - begin);
}

void Answer::read(google::protobuf::Message& into) const {
  const auto result = pkg::json::read(body, into);
  EXPECT_TRUE(result) << body << ": " << result.error().detail;
}

Answer Visitor::ask(std::string_view verb, std::string_view path, std::string_view body, std::string_view more_headers) const {
  constexpr std::string_view root = "/api/v1";
  if (path.starts_with(root)) path.remove_prefix(root.size());
  std::string request =
      std::string(verb) + " " + std::string(root) + std::string(path) + " HTTP/1.1\r\nHost: mall\r\nConnection: close\r\n";
  request += more_headers;
  if (!token_.empty()) request += "Authorization: Bearer " + token_ + "\r\n";
  if (!body.empty()) request += "Content-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) + "\r\n";
  request += "\r\n";
  request += body;
  Answer answer;
  try {
    auto raw = pkg::rest::testing::RawClient(ports_.find(service_of(path))->second).ask(request);
    answer.status = raw.status;
    answer.body = std::move(raw.body);
    for (auto& [name, value] : raw.headers) answer.headers[lower(name)] = value;
  } catch (const std::runtime_error&) {
    // Nobody listens: the status stays 0.
  }
  return answer;
}

Answer Visitor::done(std::string_view path, std::string_view body) const {
  auto answer = post(path, body);
  EXPECT_TRUE(answer.status == 200 || answer.status == 201) << path << ": " << answer.status << " " << answer.body;
  return answer;
}

void Visitor::poll(std::string_view path, std::string_view what, std::chrono::milliseconds limit,
                   const std::function<bool(const Answer&)>& fits) const {
  Answer answer;
  const auto asked = [&] {
    answer = get(path);
    return answer.status == 200 && fits(answer);
  };
  if (!pkg::testing::wait_until(asked, std::string(what) + " at " + std::string(path), limit))
    ADD_FAILURE() << "the last answer was " << answer.status << " " << answer.body;
}

void Visitor::register_as(std::string_view role_in_the_test) {
  const auto name = unique_name(role_in_the_test);
  done("/users", R"({"username":")" + name + R"(","email":")" + name + R"(@example.org","password":")" + password + "\"}");
  sign_in(name, password);
}

void Visitor::sign_in(const std::string& username, const std::string& with_password) {
  username_ = username;
  password_ = with_password;
  token_.clear();
  const auto session =
      done("/sessions", R"({"username":")" + username + R"(","password":")" + with_password + "\"}").as<mallbots::users::v1::Session>();
  id_ = session.user().id();
  token_ = session.access_token();
  refresh_token_ = session.refresh_token();
}

}  // namespace mall::testing
