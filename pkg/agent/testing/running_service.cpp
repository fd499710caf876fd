#include "pkg/agent/testing/running_service.hpp"

#include <algorithm>
#include <iostream>

#include "pkg/config/read.hpp"
#include "pkg/rest/testing/raw_client.hpp"
#include "pkg/testing/wait.hpp"

namespace pkg::agent::testing {

std::string HttpAnswer::text(std::string_view name) const {
  const auto key = "\"" + std::string(name) + "\":\"";
  const auto from = body.find(key);
  if (from == std::string::npos) return {};
  const auto begin = from + key.size();
  return body.substr(begin, body.find('"', begin) - begin);
}

RunningService::RunningService(std::unique_ptr<Blueprint> blueprint, Settings settings)
    : blueprint_(std::move(blueprint)),
      spec_(std::string(blueprint_->service()), std::string(blueprint_->defaults())),
      settings_(std::move(settings)) {
  blueprint_->declare(spec_);
  settings_.insert({{spec_.prefix() + "HTTP_PORT", "0"},
                    {spec_.prefix() + "GRPC_PORT", "0"},
                    {spec_.prefix() + "DATABASE_URL", database.connection_string()},
                    {"NATS_URL", nats.url()},
                    {"JWKS_URL", keys.url()}});
  start();
}

RunningService::~RunningService() {
  stop();
  if (!::testing::Test::HasFailure()) return;
  for (const auto& entry : log_.entries()) {
    std::cout << "the service's log: " << entry.message;
    for (const auto& [name, value] : entry.fields) std::cout << " " << name << "=" << value;
    std::cout << "\n";
  }
}

void RunningService::start() {
  const auto verdict = config::read(spec_, {{}, settings_});
  EXPECT_TRUE(verdict.proceed) << verdict.output;
  agent_ = blueprint_->build({clock_, ids_, log_});
  const auto started = agent_->start({});
  EXPECT_TRUE(started) << started.error().detail;
  pkg::testing::wait_until([this] { return ask("GET", "/readiness").status == 200; }, "the service's readiness");
}

void RunningService::stop() {
  if (agent_) agent_->stop(std::chrono::steady_clock::now() + std::chrono::seconds{10});
  agent_.reset();
}

HttpAnswer RunningService::ask(const std::string& verb, const std::string& path, const std::string& token, const std::string& body,
                               const std::string& more_headers) const {
  std::string request = verb + " " + path + " HTTP/1.1\r\nHost: mall\r\nConnection: close\r\n" + more_headers;
  if (!token.empty()) request += "Authorization: Bearer " + token + "\r\n";
  if (!body.empty()) request += "Content-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) + "\r\n";
  const auto raw = rest::testing::RawClient(ports().http).ask(request + "\r\n" + body);
  HttpAnswer answer{raw.status, raw.body, {}};
  for (const auto& [name, value] : raw.headers) {
    std::string lower(name);
    std::ranges::transform(lower, lower.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    answer.headers[lower] = value;
  }
  return answer;
}

}  // namespace pkg::agent::testing
