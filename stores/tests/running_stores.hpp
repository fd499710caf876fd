#pragma once
// The real stores service in this process, on a real PostgreSQL and a real NATS server, and what surrounds it: the keys that tokens
// are verified with, somebody who calls over HTTP, and somebody who sends and hears messages.

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "pkg/auth/tokens.hpp"
#include "pkg/config/read.hpp"
#include "pkg/ids/id_sources.hpp"
#include "pkg/log/memory_logger.hpp"
#include "pkg/messaging/nats/nats_broker.hpp"
#include "pkg/rest/server.hpp"
#include "pkg/rest/testing/raw_client.hpp"
#include "pkg/saga/headers.hpp"
#include "pkg/testing/nats_server.hpp"
#include "pkg/testing/postgres_server.hpp"
#include "pkg/testing/wait.hpp"
#include "stores/internal/agent/agent.hpp"

namespace stores::tests {

using pkg::messaging::Message;
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

/// Another service: hears what stores publishes, and sends it commands and events.
class Neighbour {
 public:
  explicit Neighbour(const std::string& url) : broker_(connect(url)) {
    subscription_ = broker_->subscribe(
        {.group = "neighbour", .channels = {"mallbots.stores.events.Store", "mallbots.stores.events.Product", std::string(replies)}},
        [this](pkg::messaging::Delivery delivery) {
          const std::scoped_lock lock(mutex_);
          heard_.push_back(std::move(delivery.message));
        });
  }
  static constexpr std::string_view replies = "mallbots.cosec.replies.CreateOrder";

  /// Waits for the message of that type about `subject` and gives it.
  template <class P>
  std::pair<Message, P> hear(const std::string& subject) {
    std::pair<Message, P> heard;
    const auto type = std::string(P::descriptor()->full_name());
    pkg::testing::wait_until([&] { return find(type, subject, heard.first); }, type + " about " + subject);
    EXPECT_TRUE(heard.second.ParseFromString(heard.first.payload));
    return heard;
  }
  /// Waits for the answer to a command and gives its outcome: "success", or the code of the failure.
  std::string reply_to(const std::string& command_id) {
    Message reply;
    pkg::testing::wait_until([&] { return find_reply(command_id, reply); }, "the reply to " + command_id);
    const auto code = reply.headers.find(std::string(pkg::saga::header::failure_code));
    return code == reply.headers.end() ? reply.headers[std::string(pkg::saga::header::outcome)] : code->second;
  }

  /// Sends a command of the create-order saga and gives its id.
  template <class P>
  std::string command(const P& payload) {
    auto message = about<P>("mallbots.stores.commands", payload);
    message.headers = {{"saga-name", "CreateOrder"},
                       {"saga-id", payload.order_id()},
                       {"saga-step", "2"},
                       {"saga-direction", "forward"},
                       {"saga-reply-to", std::string(replies)}};
    return publish(message);
  }
  template <class P>
  void order_event(const P& payload) {
    publish(about<P>("mallbots.ordering.events.Order", payload));
  }

 private:
  static std::unique_ptr<pkg::messaging::Broker> connect(const std::string& url) {
    pkg::messaging::NatsOptions options;
    options.url = url;
    options.name = "neighbour";
    return pkg::messaging::create_nats_broker(std::move(options));
  }
  template <class P>
  Message about(std::string channel, const P& payload) {
    Message message;
    message.id = ids_.next().to_string();
    message.type = P::descriptor()->full_name();
    message.source = "/mallbots/neighbour";
    message.subject = payload.order_id();
    message.key = payload.order_id();
    message.channel = std::move(channel);
    message.time = clock_.now();
    message.aggregate_version = 1;
    message.correlation_id = "neighbour";
    message.payload = payload.SerializeAsString();
    return message;
  }
  std::string publish(const Message& message) {
    std::atomic<bool> stored = false;
    for (int tries = 0; tries < 20 && !stored; ++tries) {
      std::atomic<bool> answered = false;
      broker_->publish(message, [&](pkg::messaging::PublishResult result) {
        stored = result.has_value();
        answered = true;
      });
      pkg::testing::wait_until([&] { return answered.load(); }, "the event server's confirmation");
    }
    EXPECT_TRUE(stored) << message.type;
    return message.id;
  }
  bool find(const std::string& type, const std::string& subject, Message& found) {
    const std::scoped_lock lock(mutex_);
    const auto message = std::ranges::find_if(heard_, [&](const Message& m) { return m.type == type && m.subject == subject; });
    if (message == heard_.end()) return false;
    found = *message;
    return true;
  }
  bool find_reply(const std::string& command_id, Message& found) {
    const std::scoped_lock lock(mutex_);
    const auto message = std::ranges::find_if(heard_, [&](const Message& m) {
      const auto answered = m.headers.find(std::string(pkg::saga::header::command_id));
      return answered != m.headers.end() && answered->second == command_id;
    });
    if (message == heard_.end()) return false;
    found = *message;
    return true;
  }

  pkg::clock::SystemClock clock_;
  pkg::ids::TimeOrderedIds ids_{clock_};
  std::mutex mutex_;
  std::vector<Message> heard_;
  std::unique_ptr<pkg::messaging::Broker> broker_;
  std::unique_ptr<pkg::messaging::Subscription> subscription_;
};

class RunningStores {
 public:
  RunningStores() {
    blueprint_->declare(spec_);
    const auto verdict = pkg::config::read(spec_, {{},
                                                   {{"STORES_HTTP_PORT", "0"},
                                                    {"STORES_GRPC_PORT", "0"},
                                                    {"STORES_DATABASE_URL", database.connection_string()},
                                                    {"NATS_URL", nats.url()},
                                                    {"JWKS_URL", keys.url()}}});
    EXPECT_TRUE(verdict.proceed) << verdict.output;
    agent_ = blueprint_->build({clock_, ids_, log_});
    const auto started = agent_->start({});
    EXPECT_TRUE(started) << started.error().detail;
    for (const auto& entry : log_.entries()) {
      if (entry.message == "at work") port_ = static_cast<std::uint16_t>(std::stoi(entry.field("httpPort")));
    }
  }
  ~RunningStores() { agent_->stop(std::chrono::steady_clock::now() + std::chrono::seconds{10}); }

  RawAnswer ask(const std::string& verb, const std::string& path, const std::string& token = {}, const std::string& body = {}) {
    std::string request = verb + " " + path + " HTTP/1.1\r\nHost: stores\r\nConnection: close\r\n";
    if (!token.empty()) request += "Authorization: Bearer " + token + "\r\n";
    if (!body.empty()) request += "Content-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) + "\r\n";
    return pkg::rest::testing::RawClient(port_).ask(request + "\r\n" + body);
  }

  pkg::testing::TestDatabase database;
  pkg::testing::NatsServer nats;
  Keys keys;
  Neighbour neighbour{nats.url()};

 private:
  pkg::clock::SystemClock clock_;
  pkg::ids::TimeOrderedIds ids_{clock_};
  pkg::log::MemoryOutput log_;
  std::unique_ptr<pkg::agent::Blueprint> blueprint_ = stores::agent::blueprint();
  pkg::config::Spec spec_{"stores", std::string(blueprint_->defaults())};
  std::unique_ptr<pkg::agent::Agent> agent_;
  std::uint16_t port_ = 0;
};

}  // namespace stores::tests
