// Messages in: what starts a saga, moves it on and calls it off, and what cosec does with messages that make no sense.

#include <gtest/gtest.h>

#include "cosec/internal/constants/names.hpp"
#include "cosec/internal/ports/handlers/integration_events.hpp"
#include "cosec/tests/sample_order.hpp"
#include "ordering/orderingpb/messages.pb.h"
#include "pkg/saga/headers.hpp"
#include "pkg/saga/replies.hpp"
#include "pkg/saga/testing/memory_outbox.hpp"
#include "pkg/saga_engine/memory_saga_store.hpp"
#include "stores/storespb/messages.pb.h"
#include "users/userspb/messages.pb.h"

namespace cosec::tests {
namespace {

namespace pb = mallbots::ordering::v1;
using pkg::errors::ErrorKind;
using pkg::messaging::Message;
using pkg::saga::Status;

pb::OrderCreated order_created() {
  const auto order = sample_order();
  pb::OrderCreated event;
  event.set_order_id(order.order.to_string());
  event.set_user_id(order.user.to_string());
  event.set_payment_id(order.payment.to_string());
  for (const auto& line : order.items) {
    auto& item = *event.add_items();
    item.set_product_id(line.product.to_string());
    item.set_store_id(line.store.to_string());
    item.set_product_name(line.product_name);
    item.set_store_name(line.store_name);
    item.set_quantity(line.quantity);
  }
  event.mutable_total()->set_currency("EUR");
  event.mutable_total()->set_minor_units(12'345);
  return event;
}

class Messages : public ::testing::Test {
 protected:
  Messages() { ports::handle_integration_events(handlers, sagas, adapters::pg::create_order_codec()); }

  template <class P>
  static Message of(const P& payload) {
    Message message;
    message.type = P::descriptor()->full_name();
    message.payload = payload.SerializeAsString();
    return message;
  }
  static Message canceled() {
    pb::OrderCanceled event;
    event.set_order_id(sample_order().order.to_string());
    return of(event);
  }
  pkg::errors::Result<> take(const Message& message) {
    const auto* handler = handlers.find(message.type);
    EXPECT_NE(handler, nullptr) << message.type;
    return transactor.run({"corr", "cause", ""}, [&](pkg::uow::UnitOfWork& unit) { return (*handler)(unit, message); });
  }
  pkg::saga::State state() {
    const auto id = sample_order().order.to_string();
    return transactor
        .run_for({}, [&](pkg::uow::UnitOfWork& unit) { return store.load(unit, "CreateOrder", id, pkg::saga::Freshness::current); })
        .value()
        .value();
  }

  pkg::clock::ManualClock clock;
  pkg::ids::CountingIds ids;
  pkg::uow::MemoryTransactor transactor;
  pkg::saga::testing::MemoryOutbox outbox;
  pkg::saga::MemorySagaStore store;
  pkg::saga::Replies replies{outbox, ids, clock, "/test"};
  pkg::saga::Coordinator sagas{pkg::saga::Definitions::make({create_order()}).value(),
                               store,
                               outbox,
                               clock,
                               {.source = std::string(constants::source), .reply_channel = std::string(constants::create_order_replies)}};
  pkg::messaging::Handlers handlers;
};

TEST_F(Messages, OrderCreatedStartsASagaThatKnowsTheWholeOrder) {
  ASSERT_TRUE(take(of(order_created())));
  EXPECT_EQ(adapters::pg::create_order_codec().decode(state().data), sample_order());
  const auto sent = outbox.take_sent();
  ASSERT_EQ(sent.size(), 1u);
  EXPECT_EQ(sent[0].type, mallbots::users::v1::AuthorizeUser::descriptor()->full_name());
  EXPECT_EQ(sent[0].source, "/mallbots/cosec");
  EXPECT_EQ(sent[0].key, sample_order().order.to_string());
  EXPECT_EQ(sent[0].headers.at("saga-reply-to"), "mallbots.cosec.replies.CreateOrder");
  ASSERT_TRUE(take(of(order_created())));
  EXPECT_TRUE(outbox.take_sent().empty()) << "the same order again";
}

TEST_F(Messages, RepliesMoveTheSagaOn) {
  ASSERT_TRUE(take(of(order_created())));
  const auto reply = replies.success(outbox.take_sent().at(0)).value();
  ASSERT_TRUE(take(reply));
  EXPECT_EQ(outbox.take_sent().at(0).type, mallbots::stores::v1::ReserveStock::descriptor()->full_name());
  ASSERT_TRUE(take(reply));
  EXPECT_TRUE(outbox.take_sent().empty()) << "the same reply again";
}

TEST_F(Messages, OrderCanceledCallsTheSagaOffAlsoBeforeItHasBegun) {
  ASSERT_TRUE(take(canceled()));
  ASSERT_TRUE(take(of(order_created())));
  EXPECT_EQ(state().status, Status::canceled);
  EXPECT_TRUE(outbox.take_sent().empty());
}

TEST_F(Messages, ARepliesSagaThatIsNotHereAnyMoreIsNoFailure) {
  ASSERT_TRUE(take(of(order_created())));
  auto reply = replies.success(outbox.take_sent().at(0)).value();
  reply.headers["saga-id"] = id<domain::OrderId>(77).to_string();
  EXPECT_TRUE(take(reply));
  EXPECT_TRUE(outbox.take_sent().empty());
}

TEST_F(Messages, AnythingThatCannotBeReadIsRefusedAndNamesTheField) {
  using Change = void (*)(pb::OrderCreated&);
  const std::pair<const char*, Change> cases[] = {
      {"order_id", [](pb::OrderCreated& e) { e.set_order_id("1"); }},
      {"user_id", [](pb::OrderCreated& e) { e.clear_user_id(); }},
      {"payment_id", [](pb::OrderCreated& e) { e.set_payment_id("card"); }},
      {"total", [](pb::OrderCreated& e) { e.mutable_total()->set_currency("euro"); }},
      {"items.product_id", [](pb::OrderCreated& e) { e.mutable_items(1)->set_product_id("tea"); }},
      {"items.store_id", [](pb::OrderCreated& e) { e.mutable_items(1)->clear_store_id(); }},
  };
  for (const auto& [field, change] : cases) {
    auto event = order_created();
    change(event);
    const auto refused = take(of(event));
    ASSERT_FALSE(refused) << field;
    EXPECT_EQ(refused.error().kind, ErrorKind::malformed) << field;
    EXPECT_EQ(refused.error().field.substr(0, std::string_view(field).size()), field);
  }
  EXPECT_EQ(take(of(pb::OrderCanceled{})).error().kind, ErrorKind::malformed);
  Message reply;
  reply.type = pkg::saga::reply_type;
  EXPECT_EQ(take(reply).error().kind, ErrorKind::malformed);
  EXPECT_TRUE(outbox.take_sent().empty());
}

}  // namespace
}  // namespace cosec::tests
