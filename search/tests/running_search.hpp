#pragma once
// The real search service, seen from outside: events of its neighbours and HTTP in.

#include <gtest/gtest.h>

#include <string>

#include "pkg/agent/testing/neighbour.hpp"
#include "pkg/agent/testing/running_service.hpp"
#include "pkg/json/json.hpp"
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
    neighbour_.send(neighbour_.event(channel, aggregate, version, event));
  }
  std::string new_id() { return ids_.next().to_string(); }
  std::string token(const std::string& subject, std::vector<std::string> roles) const {
    return service_.keys.token(subject, std::move(roles));
  }

 private:
  pkg::clock::SystemClock clock_;
  pkg::ids::TimeOrderedIds ids_{clock_};
  pkg::agent::testing::RunningService service_{search::agent::blueprint()};
  // Nobody here listens: search publishes nothing.
  pkg::agent::testing::Neighbour neighbour_{service_.nats.url(), {"mallbots.search.events.None"}};
};

}  // namespace search::tests
