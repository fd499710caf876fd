#pragma once
// What every broker promises, as tests. A broker is supported when its test executable has
//
//   INSTANTIATE_TEST_SUITE_P(Nats, BrokerConformance, ::testing::Values(&make_nats_fixture), in_conformance);
//
// and passes.

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "pkg/messaging/broker.hpp"
#include "pkg/messaging/cloud_event.hpp"
#include "pkg/messaging/testing/collector.hpp"

namespace pkg::messaging::testing {

/// A broker under test, and power over the server behind it.
class BrokerFixture {
 public:
  virtual ~BrokerFixture() = default;
  virtual Broker& broker() = 0;
  /// Destroys the Broker object while its server stays; broker() is gone for good.
  virtual void destroy_broker() = 0;
  virtual void take_away() = 0;
  virtual void bring_back() = 0;
  /// The server loses all it stored and is back.
  virtual void wipe() = 0;
  /// Stores what no broker of ours would write.
  virtual void store_raw(std::string_view channel, std::vector<Header> headers, std::string payload) = 0;
};

using MakeBrokerFixture = std::unique_ptr<BrokerFixture> (*)();

class BrokerConformance : public ::testing::TestWithParam<MakeBrokerFixture> {
 protected:
  static constexpr std::string_view channel = "mallbots.testing.events.Thing";
  static constexpr std::chrono::milliseconds ack_wait{400};
  static constexpr std::chrono::milliseconds quiet{100};

  void SetUp() override;

  Broker& broker() { return fixture_->broker(); }
  BrokerFixture& fixture() { return *fixture_; }

  static SubscribeTo as_group(std::string_view group, std::size_t window = 64);
  /// Publishes each payload under the key, one after the other.
  void publish_all(const std::vector<std::string>& payloads, std::string_view key = "key", std::string_view to = channel);
  /// What a new group, which gets the history, finds.
  std::vector<Delivery> history(std::string_view group, std::size_t count, std::string_view of = channel);

 private:
  std::unique_ptr<BrokerFixture> fixture_;
};

/// Names the instances, and draws the suite out of its static library.
std::string in_conformance(const ::testing::TestParamInfo<MakeBrokerFixture>& info);

}  // namespace pkg::messaging::testing
