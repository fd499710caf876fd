#pragma once
// The users service as it runs, with a PostgreSQL and a NATS of its own: what the black-box tests talk to.

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "pkg/agent/agent.hpp"
#include "pkg/config/read.hpp"
#include "pkg/ids/id_sources.hpp"
#include "pkg/json/json.hpp"
#include "pkg/log/memory_logger.hpp"
#include "pkg/messaging/nats/nats_broker.hpp"
#include "pkg/messaging/testing/collector.hpp"
#include "pkg/rest/testing/raw_client.hpp"
#include "pkg/testing/nats_server.hpp"
#include "pkg/testing/postgres_server.hpp"
#include "users/internal/agent/agent.hpp"
#include "users/userspb/api.pb.h"

namespace users::tests {

namespace pb = mallbots::users::v1;

struct Answer {
  int status = 0;
  std::string body;
};

template <class P>
P parsed(const Answer& answer) {
  P message;
  const auto read = pkg::json::read(answer.body, message);
  EXPECT_TRUE(read) << answer.status << " " << answer.body;
  return message;
}

class RunningService {
 public:
  RunningService() : spec_("users", std::string(blueprint_->defaults())) {
    blueprint_->declare(spec_);
    const auto verdict = pkg::config::read(spec_, {.arguments = {}, .environment = environment()});
    EXPECT_TRUE(verdict.proceed) << verdict.output;
    agent_ = blueprint_->build(process_);
    const auto started = agent_->start({});
    EXPECT_TRUE(started) << started.error().code << ": " << started.error().detail;
    told_ = broker_->subscribe({.group = "test", .channels = {"mallbots.users.events.User", "mallbots.cosec.replies.CreateOrder"}},
                               messages.into());
  }
  ~RunningService() { agent_->stop(std::chrono::steady_clock::now() + std::chrono::seconds{5}); }

  Answer ask(const std::string& verb, const std::string& path, const std::string& body = "{}", const std::string& token = {},
             const std::string& more_headers = {}) {
    pkg::rest::testing::RawClient client(port("httpPort"));
    const auto authorization = token.empty() ? std::string() : "Authorization: Bearer " + token + "\r\n";
    const auto content =
        verb == "GET" ? std::string() : "Content-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) + "\r\n";
    client.send(verb + " /api/v1" + path + " HTTP/1.1\r\nHost: test\r\n" + authorization + more_headers + content + "\r\n" +
                (verb == "GET" ? std::string() : body));
    const auto answer = client.receive();
    if (!answer) return {};
    return {answer->status, answer->body};
  }

  std::uint16_t port(std::string_view field) const {
    for (const auto& entry : log_.entries()) {
      if (entry.message == "at work") return static_cast<std::uint16_t>(std::stoi(entry.field(field)));
    }
    return 0;
  }
  pkg::messaging::Broker& broker() { return *broker_; }

  pkg::messaging::testing::Collector messages;

 private:
  std::map<std::string, std::string, std::less<>> environment() const {
    return {{"USERS_HTTP_PORT", "0"},
            {"USERS_GRPC_PORT", "0"},
            {"USERS_DATABASE_URL", database_.connection_string()},
            {"NATS_URL", nats_.url()},
            {"SERVICE_SECRET", "between services"},
            {"USERS_OPERATOR_USERNAME", "boss"},
            {"USERS_OPERATOR_EMAIL", "boss@mall.test"},
            {"USERS_OPERATOR_PASSWORD", "boss's password"}};
  }
  pkg::messaging::NatsOptions nats_options() const {
    pkg::messaging::NatsOptions options;
    options.url = nats_.url();
    options.name = "test";
    return options;
  }

  pkg::testing::TestDatabase database_;
  pkg::testing::NatsServer nats_;
  pkg::clock::SystemClock clock_;
  pkg::ids::TimeOrderedIds ids_{clock_};
  pkg::log::MemoryOutput log_;
  pkg::agent::Process process_{clock_, ids_, log_};
  std::unique_ptr<pkg::agent::Blueprint> blueprint_ = agent::blueprint();
  pkg::config::Spec spec_;
  std::unique_ptr<pkg::messaging::Broker> broker_ = pkg::messaging::create_nats_broker(nats_options());
  std::unique_ptr<pkg::messaging::Subscription> told_;
  std::unique_ptr<pkg::agent::Agent> agent_;
};

}  // namespace users::tests
