#pragma once
// The real search service, seen from outside: events of its neighbours and HTTP in.

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "pkg/agent/testing/running_service.hpp"
#include "pkg/json/json.hpp"
#include "pkg/messaging/nats/nats_broker.hpp"
#include "pkg/messaging/testing/collector.hpp"
#include "search/internal/agent/agent.hpp"

namespace search::tests {

class RunningSearch {
 public:
  auto get(const std::string& path, const std::string& token = {}) const { return service_.ask("GET", "/api/v1/search" + path, token); }
  template <class P>
  P read(const std::string& path, const std::string& token = {}) const {
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
  std::string token(const std::string& subject, std::vector<std::string> roles) const {
    return service_.keys.token(subject, std::move(roles));
  }

 private:
  pkg::messaging::NatsOptions nats_options() const {
    pkg::messaging::NatsOptions options;
    options.url = service_.nats.url();
    options.name = "neighbour";
    return options;
  }

  pkg::clock::SystemClock clock_;
  pkg::ids::TimeOrderedIds ids_{clock_};
  pkg::agent::testing::RunningService service_{search::agent::blueprint()};
  std::unique_ptr<pkg::messaging::Broker> broker_ = pkg::messaging::create_nats_broker(nats_options());
};

}  // namespace search::tests
