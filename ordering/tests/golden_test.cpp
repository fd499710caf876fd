// The bytes of every stored event, every published message, every command and reply, pinned for ever.

#include <gtest/gtest.h>

#include <variant>

#include "ordering/internal/adapters/pg/order_codec.hpp"
#include "ordering/orderingpb/messages.pb.h"
#include "ordering/tests/ordering_on_fakes.hpp"
#include "pkg/testing/golden.hpp"

namespace ordering::tests {
namespace {

namespace pb = mallbots::ordering::v1;
using pkg::testing::from_hex;
using pkg::testing::golden;
using pkg::testing::to_hex;

template <class Id>
Id id(std::uint64_t n) {
  return Id{pkg::ids::CountingIds::nth(n)};
}
template <class P>
std::string type_of() {
  return std::string(P::descriptor()->full_name());
}

constexpr auto at = pkg::clock::TimePoint{std::chrono::hours{480'000}};
const auto order = id<domain::OrderId>(1);
const auto ann = id<domain::UserId>(2);
const auto tea = id<domain::ProductId>(11);
const auto north = id<domain::StoreId>(21);
const auto card = id<domain::PaymentId>(31);
const auto list = id<domain::ShoppingListId>(41);
const auto invoice = id<domain::InvoiceId>(51);
pkg::money::Money eur(std::int64_t cents) { return {*pkg::money::Currency::parse("EUR"), cents}; }

/// One of each, in the order of the variant.
const std::vector<domain::OrderEvent> events{domain::OrderCreated{ann, card, {{tea, north, "Tea", "North", eur(250), 2}}, eur(500), at},
                                             domain::OrderApproved{list, at},
                                             domain::OrderRejected{"out_of_stock", "No tea left.", at},
                                             domain::OrderCanceled{at},
                                             domain::OrderPickedEarly{at},
                                             domain::OrderListCanceledEarly{at},
                                             domain::OrderReadied{at},
                                             domain::OrderCompleted{invoice, at}};

TEST(Golden, HasEveryEvent) {
  ASSERT_EQ(events.size(), std::variant_size_v<domain::OrderEvent>);
  for (std::size_t i = 0; i < events.size(); ++i) EXPECT_EQ(events[i].index(), i);
}

TEST(Golden, StoredEventsAreWrittenAndReadAsEver) {
  const auto codec = adapters::pg::order_codec();
  for (const auto& event : events) {
    const auto stored = codec.encode(event);
    const auto pinned =
        golden("ordering/tests/golden/stored/" + stored.type + "-" + std::to_string(stored.type_version) + ".hex", stored.payload);
    EXPECT_EQ(to_hex(stored.payload), pinned) << stored.type;
    const auto read = codec.decode({stored.type, stored.type_version, from_hex(pinned)});
    ASSERT_TRUE(read) << stored.type;
    EXPECT_EQ(*read, event) << stored.type;
  }
}

std::string published_file(const std::string& type) { return "ordering/tests/golden/published/" + type + ".hex"; }

TEST(Golden, PublishedMessagesAreWrittenAsEver) {
  OrderingOnFakes ordering;
  pkg::es::Loaded<domain::Order> loaded;
  const auto done = ordering.transactor.run({"correlation", "causation", ""}, [&](pkg::uow::UnitOfWork& unit) -> pkg::errors::Result<> {
    for (const auto& event : events) {
      loaded.advance(event);
      ordering.news.tell(unit, order, loaded, std::span(&event, 1));
    }
    return {};
  });
  ASSERT_TRUE(done);
  std::vector<std::string> told;
  for (const auto& message : ordering.outbox.take_sent()) {
    told.push_back(message.type + " " + std::to_string(message.aggregate_version));
    EXPECT_EQ(to_hex(message.payload), golden(published_file(message.type), message.payload)) << message.type;
    EXPECT_EQ(message.channel, "mallbots.ordering.events.Order");
    EXPECT_EQ(message.source, "/mallbots/ordering");
    EXPECT_EQ(message.key, order.to_string());
    EXPECT_EQ(message.subject, order.to_string());
    EXPECT_EQ(message.correlation_id, "correlation");
    EXPECT_EQ(message.causation_id, "causation");
  }
  EXPECT_EQ(told, (std::vector<std::string>{"mallbots.ordering.v1.OrderCreated 1", "mallbots.ordering.v1.OrderApproved 2",
                                            "mallbots.ordering.v1.OrderRejected 3", "mallbots.ordering.v1.OrderCanceled 4",
                                            "mallbots.ordering.v1.OrderReadied 7", "mallbots.ordering.v1.OrderCompleted 8"}))
      << "and nobody is told of what is remembered until the approval";
}

/// A published message as another service reads the pinned bytes. Every message is about the same order of the same user.
template <class P>
P read_published() {
  P message;
  const auto bytes = from_hex(golden(published_file(type_of<P>()), {}));
  EXPECT_FALSE(bytes.empty());
  EXPECT_TRUE(message.ParseFromString(bytes)) << type_of<P>();
  EXPECT_EQ(message.order_id(), order.to_string()) << type_of<P>();
  EXPECT_EQ(message.user_id(), ann.to_string()) << type_of<P>();
  return message;
}

TEST(Golden, PublishedMessagesAreReadAsEver) {
  const auto created = read_published<pb::OrderCreated>();
  EXPECT_EQ(created.payment_id(), card.to_string());
  ASSERT_EQ(created.items_size(), 1);
  const auto& item = created.items(0);
  EXPECT_EQ(item.product_id(), tea.to_string());
  EXPECT_EQ(item.store_id(), north.to_string());
  EXPECT_EQ(item.product_name(), "Tea");
  EXPECT_EQ(item.store_name(), "North");
  EXPECT_EQ(item.price().currency(), "EUR");
  EXPECT_EQ(item.price().minor_units(), 250);
  EXPECT_EQ(item.quantity(), 2);
  EXPECT_EQ(created.total().currency(), "EUR");
  EXPECT_EQ(created.total().minor_units(), 500);
  EXPECT_EQ(created.created_at().seconds(), std::chrono::seconds(at.time_since_epoch() / std::chrono::seconds{1}).count());
  EXPECT_EQ(read_published<pb::OrderApproved>().shopping_list_id(), list.to_string());
  EXPECT_EQ(read_published<pb::OrderRejected>().code(), "out_of_stock");
  EXPECT_EQ(read_published<pb::OrderRejected>().reason(), "No tea left.");
  EXPECT_EQ(read_published<pb::OrderCanceled>().payment_id(), card.to_string());
  EXPECT_EQ(read_published<pb::OrderReadied>().payment_id(), card.to_string());
  EXPECT_EQ(read_published<pb::OrderReadied>().total().minor_units(), 500);
  EXPECT_EQ(read_published<pb::OrderCompleted>().invoice_id(), invoice.to_string());
}

/// Hands the pinned bytes of a command to ordering, and gives what ordering sent: the event, then the reply.
template <class P>
std::vector<pkg::messaging::Message> answer(OrderingOnFakes& ordering, const P& command) {
  const auto pinned = golden("ordering/tests/golden/commands/" + type_of<P>() + ".hex", command.SerializeAsString());
  EXPECT_EQ(to_hex(command.SerializeAsString()), pinned) << type_of<P>();
  const auto done = ordering.receive(incoming(type_of<P>(), from_hex(pinned)));
  EXPECT_TRUE(done) << done.error().detail;
  return ordering.outbox.take_sent();
}

OrderingOnFakes& with_pending_order(OrderingOnFakes& ordering) {
  const auto created = ordering.transactor.run_for({}, [&](pkg::uow::UnitOfWork& unit) {
    return ordering.app.create_order(unit, {order, ann, card, {{tea, north, "Tea", "North", eur(250), 2}}, eur(500)});
  });
  EXPECT_TRUE(created);
  EXPECT_EQ(ordering.outbox.take_sent().size(), 1u);
  return ordering;
}

TEST(Golden, CommandsAreReadAsEver) {
  pb::ApproveOrder approve;
  approve.set_order_id(order.to_string());
  approve.set_shopping_list_id(list.to_string());
  pb::RejectOrder reject;
  reject.set_order_id(order.to_string());
  reject.set_code("out_of_stock");
  reject.set_reason("No tea left.");
  OrderingOnFakes one, two;
  const auto approved = answer(with_pending_order(one), approve);
  const auto rejected = answer(with_pending_order(two), reject);
  ASSERT_EQ(approved.size(), 2u);
  ASSERT_EQ(rejected.size(), 2u);
  EXPECT_EQ(to_hex(approved[0].payload), golden(published_file(type_of<pb::OrderApproved>()), {}));
  EXPECT_EQ(to_hex(rejected[0].payload), golden(published_file(type_of<pb::OrderRejected>()), {}));
}

TEST(Golden, RepliesAreWrittenAsEver) {
  pb::RejectOrder command;
  command.set_order_id(order.to_string());
  OrderingOnFakes ordering;
  ASSERT_TRUE(with_pending_order(ordering).receive(incoming(command)));
  const auto sent = ordering.outbox.take_sent();
  ASSERT_EQ(sent.size(), 2u);
  const auto& reply = sent.back();
  EXPECT_EQ(reply.type, "pkg.saga.Reply");
  EXPECT_EQ(reply.channel, "mallbots.cosec.replies.CreateOrder");
  EXPECT_EQ(reply.key, "saga");
  EXPECT_EQ(reply.source, "/mallbots/ordering");
  EXPECT_EQ(reply.payload, "") << "no later step of the saga needs anything of ordering";
  std::map<std::string, std::string> headers{{"saga-name", "CreateOrder"},   {"saga-id", "saga"},
                                             {"saga-step", "step"},          {"saga-direction", "forward"},
                                             {"saga-command-id", "message"}, {"saga-outcome", "success"}};
  EXPECT_EQ((std::map<std::string, std::string>(reply.headers.begin(), reply.headers.end())), headers);

  OrderingOnFakes without;
  ASSERT_TRUE(without.receive(incoming(command)));
  const auto refused = without.outbox.take_sent();
  ASSERT_EQ(refused.size(), 1u);
  headers["saga-outcome"] = "failure";
  headers["saga-failure-code"] = "no_such_order";
  headers["saga-failure-detail"] = "There is no such order.";
  EXPECT_EQ((std::map<std::string, std::string>(refused[0].headers.begin(), refused[0].headers.end())), headers);
  EXPECT_EQ(refused[0].payload, "");
}

}  // namespace
}  // namespace ordering::tests
