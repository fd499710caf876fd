#include "pkg/messaging/nats/nats_broker.hpp"
#include "pkg/messaging/nats/raw_client.hpp"
#include "pkg/messaging/testing/broker_conformance.hpp"
#include "pkg/testing/nats_server.hpp"

namespace pkg::messaging {
namespace {

using testing::BrokerConformance;
using testing::BrokerFixture;

std::unique_ptr<Broker> connect_to(const pkg::testing::NatsServer& server) {
  NatsOptions options;
  options.url = server.url();
  options.name = "conformance";
  return create_nats_broker(options);
}

class NatsFixture final : public BrokerFixture {
 public:
  Broker& broker() override { return *broker_; }
  void destroy_broker() override { broker_.reset(); }
  void take_away() override { server_.kill(); }
  void bring_back() override { server_.start(); }
  void wipe() override {
    server_.kill();
    server_.wipe();
    server_.start();
  }
  void store_raw(std::string_view channel, std::vector<Header> headers, std::string payload) override {
    store_raw_message(server_.url(), channel, headers, payload);
  }

 private:
  pkg::testing::NatsServer server_;
  std::unique_ptr<Broker> broker_ = connect_to(server_);
};

std::unique_ptr<BrokerFixture> make_nats_fixture() { return std::make_unique<NatsFixture>(); }

INSTANTIATE_TEST_SUITE_P(Nats, BrokerConformance, ::testing::Values(&make_nats_fixture), testing::in_conformance);

}  // namespace
}  // namespace pkg::messaging
