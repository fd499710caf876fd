#pragma once
// The real search service in this process, on a real PostgreSQL and a real NATS server, with the keys that tokens are verified with.

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "pkg/auth/tokens.hpp"
#include "pkg/config/read.hpp"
#include "pkg/ids/id_sources.hpp"
#include "pkg/json/json.hpp"
#include "pkg/log/memory_logger.hpp"
#include "pkg/messaging/nats/nats_broker.hpp"
#include "pkg/messaging/testing/collector.hpp"
#include "pkg/rest/server.hpp"
#include "pkg/rest/testing/raw_client.hpp"
#include "pkg/testing/nats_server.hpp"
#include "pkg/testing/postgres_server.hpp"
#include "search/internal/agent/agent.hpp"

namespace search::tests {

using pkg::rest::testing::RawAnswer;

/// Publishes the keys of access tokens, as users does, and issues tokens.
class Keys {
 public:
  Keys() {
    site_.add_get("/jwks", [this](const pkg::rest::Request&) {
      pkg::rest::Response response;
      response.content_type = "application/json";
      response.body = signer_.key().jwks();
      return response;
    });
    const auto started = server_.start();
    EXPECT_TRUE(started) << started.error().detail;
  }
  std::string url() const { return "http://127.0.0.1:" + std::to_string(server_.port()) + "/jwks"; }
  std::string token(const std::string& subject, std::vector<std::string> roles) const {
    const auto now = std::chrono::floor<std::chrono::seconds>(clock_.now());
    return signer_
        .issue({.subject = subject,
                .roles = std::move(roles),
                .session = "s-1",
                .issued_at = now,
                .expires_at = now + std::chrono::minutes{15},
                .issuer = "mallbots",
                .audience = "mallbots"})
        .value();
  }

 private:
  pkg::clock::SystemClock clock_;
  pkg::ids::TimeOrderedIds ids_{clock_};
  pkg::auth::Signer signer_{std::move(*pkg::auth::SigningKey::generate())};
  pkg::rest::Site site_{{.services = {}, .authenticate = {}, .ids = ids_}};
  pkg::rpc::Workers workers_{"keys", 1, 8};
  pkg::rest::Server server_{{.address = "127.0.0.1"}, site_, workers_};
};

class RunningSearch {
 public:
  RunningSearch() {
    blueprint_->declare(spec_);
    const auto verdict = pkg::config::read(spec_, {{},
                                                   {{"SEARCH_HTTP_PORT", "0"},
                                                    {"SEARCH_GRPC_PORT", "0"},
                                                    {"SEARCH_DATABASE_URL", database_.connection_string()},
                                                    {"NATS_URL", nats_.url()},
                                                    {"JWKS_URL", keys.url()}}});
    EXPECT_TRUE(verdict.proceed) << verdict.output;
    agent_ = blueprint_->build({clock_, ids_, log_});
    const auto started = agent_->start({});
    EXPECT_TRUE(started) << started.error().detail;
    for (const auto& entry : log_.entries()) {
      if (entry.message == "at work") port_ = static_cast<std::uint16_t>(std::stoi(entry.field("httpPort")));
    }
  }
  ~RunningSearch() { agent_->stop(std::chrono::steady_clock::now() + std::chrono::seconds{10}); }

  RawAnswer get(const std::string& path, const std::string& token = {}) {
    std::string request = "GET /api/v1/search" + path + " HTTP/1.1\r\nHost: search\r\nConnection: close\r\n";
    if (!token.empty()) request += "Authorization: Bearer " + token + "\r\n";
    return pkg::rest::testing::RawClient(port_).ask(request + "\r\n");
  }
  template <class P>
  P read(const std::string& path, const std::string& token = {}) {
    P message;
    const auto answer = get(path, token);
    const auto parsed = pkg::json::read(answer.body, message);
    EXPECT_TRUE(parsed) << answer.status << " " << answer.body;
    return message;
  }
  /// Sends an event as another service does.
  template <class P>
  void tell(const std::string& channel, const std::string& aggregate, std::uint64_t version, const P& event) {
    auto message = pkg::messaging::testing::make_message(channel, aggregate, event.SerializeAsString());
    message.type = P::descriptor()->full_name();
    message.subject = aggregate;
    message.aggregate_version = version;
    pkg::messaging::testing::publish_until_stored(*broker_, message);
  }
  std::string new_id() { return ids_.next().to_string(); }

  Keys keys;

 private:
  pkg::messaging::NatsOptions nats_options() const {
    pkg::messaging::NatsOptions options;
    options.url = nats_.url();
    options.name = "neighbour";
    return options;
  }

  pkg::testing::TestDatabase database_;
  pkg::testing::NatsServer nats_;
  pkg::clock::SystemClock clock_;
  pkg::ids::TimeOrderedIds ids_{clock_};
  pkg::log::MemoryOutput log_;
  std::unique_ptr<pkg::messaging::Broker> broker_ = pkg::messaging::create_nats_broker(nats_options());
  std::unique_ptr<pkg::agent::Blueprint> blueprint_ = search::agent::blueprint();
  pkg::config::Spec spec_{"search", std::string(blueprint_->defaults())};
  std::unique_ptr<pkg::agent::Agent> agent_;
  std::uint16_t port_ = 0;
};

}  // namespace search::tests
