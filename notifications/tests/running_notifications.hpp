#pragma once
// The notifications service as it runs, seen from outside: HTTP and messages in, on a real PostgreSQL and a real NATS server.

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "notifications/internal/agent/agent.hpp"
#include "pkg/auth/tokens.hpp"
#include "pkg/ids/id_sources.hpp"
#include "pkg/log/memory_logger.hpp"
#include "pkg/messaging/broker.hpp"
#include "pkg/rest/server.hpp"
#include "pkg/rest/testing/raw_client.hpp"
#include "pkg/testing/nats_server.hpp"
#include "pkg/testing/postgres_server.hpp"

namespace notifications::tests {

using pkg::rest::testing::RawAnswer;

/// Signs tokens and serves the key to verify them with, as users does.
class TokenIssuer {
 public:
  TokenIssuer();
  std::string jwks_url() const { return "http://127.0.0.1:" + std::to_string(server_.port()) + "/jwks"; }
  std::string token(const std::string& user, std::vector<std::string> roles) const;

 private:
  pkg::clock::SystemClock clock_;
  pkg::ids::TimeOrderedIds ids_{clock_};
  pkg::auth::Signer signer_{pkg::auth::SigningKey::generate().value()};
  pkg::rest::Site site_;
  pkg::rpc::Workers workers_{"jwks", 1, 16};
  pkg::rest::Server server_;
};

/// What stands around the service and survives its restarts.
class RunningNotifications {
 public:
  using Settings = std::map<std::string, std::string, std::less<>>;

  /// Starts the service with these settings beside its own ("NOTIFICATIONS_SMTP_URL").
  explicit RunningNotifications(Settings settings = {});
  ~RunningNotifications();

  void stop();
  void start();

  RawAnswer get(const std::string& path, const std::string& token) { return ask("GET", path, token, ""); }
  RawAnswer post(const std::string& path, const std::string& token, const std::string& json) { return ask("POST", path, token, json); }

  /// What a person is known by.
  std::string token_of(const pkg::ids::Uuid& user, std::vector<std::string> roles = {"shopper"}) const {
    return issuer_.token(user.to_string(), std::move(roles));
  }
  pkg::ids::Uuid new_id() { return ids_.next(); }

  /// Sends a message as another service would; waits until it is stored.
  void publish(const std::string& channel, const std::string& key, const google::protobuf::Message& payload);

 private:
  RawAnswer ask(const std::string& verb, const std::string& path, const std::string& token, const std::string& json);

  pkg::clock::SystemClock clock_;
  pkg::ids::TimeOrderedIds ids_{clock_};
  pkg::testing::TestDatabase database_;
  pkg::testing::NatsServer nats_;
  TokenIssuer issuer_;
  Settings settings_;
  std::unique_ptr<pkg::messaging::Broker> broker_;

  std::unique_ptr<pkg::log::MemoryOutput> log_;
  std::unique_ptr<pkg::agent::Blueprint> blueprint_;
  std::unique_ptr<pkg::agent::Agent> agent_;
  std::uint16_t port_ = 0;
};

/// The text of a member of a JSON object, found by its name alone; empty where there is none.
std::string text_of(const std::string& json, const std::string& name);

}  // namespace notifications::tests
