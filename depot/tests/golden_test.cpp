// The bytes of every message that depot publishes or is sent by command, and of what it stores as one value, pinned in tests/golden: a
// change that another service or a stored row would not understand fails here. Old files are never changed.

#include <gtest/gtest.h>

#include "depot/depotpb/messages.pb.h"
#include "depot/internal/adapters/pg/stops_codec.hpp"
#include "depot/tests/published.hpp"
#include "pkg/testing/golden.hpp"

namespace depot::tests {
namespace {

namespace pb = mallbots::depot::v1;

template <class Id>
Id id(std::uint64_t n) {
  return Id{pkg::ids::CountingIds::nth(n)};
}

const auto list_id = id<domain::ShoppingListId>(31);
const auto order = id<domain::OrderId>(11);
const auto bot = id<domain::BotId>(51);

void expect_golden(const std::string& type, std::string_view payload) {
  pkg::testing::expect_golden("depot/tests/golden/" + type.substr(type.rfind('.') + 1) + ".hex", payload);
}

template <class P>
void expect_golden(const P& message) {
  expect_golden(P::descriptor()->full_name(), message.SerializeAsString());
}

TEST(GoldenMessages, EventsKeepTheirBytesAndAreKeyedByTheList) {
  DepotOnFakes service;
  domain::ShoppingList list;
  list.id = list_id;
  list.order = order;
  list.version = 7;
  const std::vector<domain::ShoppingListEvent> events{domain::ShoppingListCreated{}, domain::ShoppingListInitiated{},
                                                      domain::ShoppingListAssigned{bot}, domain::ShoppingListCompleted{},
                                                      domain::ShoppingListCanceled{}};
  ASSERT_TRUE(service.transactor.run({}, [&](pkg::uow::UnitOfWork& unit) -> pkg::errors::Result<> {
    service.news.tell(unit, list, events);
    return {};
  }));
  const auto sent = service.outbox.take_sent();
  ASSERT_EQ(sent.size(), events.size());
  for (const auto& message : sent) {
    EXPECT_EQ(message.channel, "mallbots.depot.events.ShoppingList");
    EXPECT_EQ(message.key, list_id.to_string());
    EXPECT_EQ(message.aggregate_version, 7u);
    expect_golden(message.type, message.payload);
  }
}

TEST(GoldenMessages, CommandsAndTheReplyKeepTheirBytes) {
  pb::CreateShoppingList create;
  create.set_order_id(order.to_string());
  auto& item = *create.add_items();
  item.set_product_id(id<domain::ProductId>(1).to_string());
  item.set_store_id(id<domain::StoreId>(21).to_string());
  item.set_product_name("Tea");
  item.set_store_name("North");
  item.set_quantity(2);
  expect_golden(create);
  pb::CreateShoppingListReply reply;
  reply.set_shopping_list_id(list_id.to_string());
  expect_golden(reply);
  pb::CancelShoppingList cancel;
  cancel.set_order_id(order.to_string());
  expect_golden(cancel);
  pb::InitiateShopping initiate;
  initiate.set_order_id(order.to_string());
  expect_golden(initiate);
}

TEST(GoldenRows, TheStopsOfAListKeepTheirBytesAndAreReadAgain) {
  const std::vector<domain::Stop> stops{{id<domain::StoreId>(21), "North", "Hall 1", {{id<domain::ProductId>(1), "Tea", 2}}}};
  expect_golden("Stops", adapters::pg::encode_stops(stops));
  EXPECT_EQ(adapters::pg::decode_stops(adapters::pg::encode_stops(stops)).value(), stops);
  EXPECT_EQ(adapters::pg::decode_stops("nonsense").error().code, "unreadable_row");
}

}  // namespace
}  // namespace depot::tests
