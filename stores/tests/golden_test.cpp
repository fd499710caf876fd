// The bytes of every stored event and every published message, pinned for ever.

#include <gtest/gtest.h>

#include "pkg/ids/id_sources.hpp"
#include "pkg/messaging/outbox.hpp"
#include "pkg/testing/golden.hpp"
#include "pkg/uow/memory_transactor.hpp"
#include "stores/internal/adapters/pg/product_codec.hpp"
#include "stores/internal/adapters/pg/store_codec.hpp"
#include "stores/internal/constants/names.hpp"
#include "stores/internal/ports/handlers/domain_events.hpp"
#include "stores/storespb/messages.pb.h"

namespace stores::tests {
namespace {

namespace pb = mallbots::stores::v1;

template <class Id>
Id id(std::uint64_t n) {
  return Id{pkg::ids::CountingIds::nth(n)};
}

const auto north = id<domain::StoreId>(21);
const auto tea = id<domain::ProductId>(11);
const auto ann = id<domain::UserId>(1);
pkg::money::Money eur(std::int64_t cents) { return {*pkg::money::Currency::parse("EUR"), cents}; }

const std::vector<domain::StoreEvent> store_events{domain::StoreCreated{ann, "North", "Hall 1"}, domain::StoreParticipationEnabled{},
                                                   domain::StoreParticipationDisabled{}, domain::StoreRebranded{"North Star"}};
const std::vector<domain::ProductEvent> product_events{
    domain::ProductAdded{north, "Tea", "Green, 100 g", "T-1", eur(250)}, domain::ProductRebranded{"Black tea", "Strong"},
    domain::ProductPriceIncreased{eur(300)}, domain::ProductPriceDecreased{eur(200)}, domain::ProductRemoved{}};

void expect_golden(const std::string& name, std::string_view bytes) {
  pkg::testing::expect_golden("stores/tests/golden/" + name + ".hex", bytes);
}

template <class A>
void expect_stored(const pkg::es_pg::EventCodec<A>& codec, const std::vector<typename A::Event>& events) {
  for (const auto& event : events) {
    const auto stored = codec.encode(event);
    expect_golden("stored." + stored.type + ".v" + std::to_string(stored.type_version), stored.payload);
    const auto read = codec.decode(stored);
    ASSERT_TRUE(read) << stored.type;
    EXPECT_TRUE(*read == event) << stored.type;
  }
}

TEST(GoldenStores, StoredEventsOfStoresKeepTheirBytes) { expect_stored(adapters::pg::store_codec(), store_events); }
TEST(GoldenStores, StoredEventsOfProductsKeepTheirBytes) { expect_stored(adapters::pg::product_codec(), product_events); }

TEST(GoldenStores, AStoredEventThatNobodyKnowsIsNotRead) {
  EXPECT_FALSE(adapters::pg::store_codec().decode({"StoreClosed", 1, ""}));
  EXPECT_FALSE(adapters::pg::store_codec().decode({"StoreRebranded", 2, ""}));
  EXPECT_FALSE(adapters::pg::store_codec().decode({"StoreCreated", 1, ""})) << "there is no owner in it";
  EXPECT_FALSE(adapters::pg::product_codec().decode({"ProductAdded", 1, "\xff"}));
}

class RecordedOutbox final : public pkg::messaging::Outbox {
 public:
  void add(pkg::uow::UnitOfWork&, pkg::messaging::Message message) override { messages.push_back(std::move(message)); }
  std::vector<pkg::messaging::Message> messages;
};

class PublishedGolden : public ::testing::Test {
 protected:
  void expect_published(std::string_view channel, const std::string& key) {
    std::uint64_t version = 0;
    for (const auto& message : outbox.messages) {
      expect_golden("published." + message.type, message.payload);
      EXPECT_EQ(message.channel, channel);
      EXPECT_EQ(message.key, key);
      EXPECT_EQ(message.aggregate_version, ++version);
      EXPECT_EQ(message.source, constants::source);
    }
  }
  template <class News, class Id, class State, class Event>
  void tell(News& news, const Id& aggregate, const State& state, const std::vector<Event>& events) {
    ASSERT_TRUE(transactor.run({}, [&](pkg::uow::UnitOfWork& unit) -> pkg::errors::Result<> {
      news.tell(unit, aggregate, {state, events.size()}, events);
      return {};
    }));
    ASSERT_EQ(outbox.messages.size(), events.size());
  }
  pkg::uow::MemoryTransactor transactor;
  pkg::ids::CountingIds ids;
  pkg::clock::ManualClock clock;
  RecordedOutbox outbox;
  pkg::messaging::Publisher publisher{outbox, ids, clock, constants::source};
};

TEST_F(PublishedGolden, EventsOfStoresKeepTheirBytes) {
  ports::PublishedStoreNews news(publisher);
  tell(news, north, domain::Store{}, store_events);
  expect_published("mallbots.stores.events.Store", north.to_string());
}

TEST_F(PublishedGolden, EventsOfProductsKeepTheirBytes) {
  ports::PublishedProductNews news(publisher);
  tell(news, tea, domain::Product{domain::ProductStatus::removed, north, "Tea", "", "T-1", eur(200)}, product_events);
  expect_published("mallbots.stores.events.Product", tea.to_string());
}

/// Commands are sent by others; what they send is read here.
TEST(GoldenStores, CommandsKeepTheirBytes) {
  pb::ReserveStock reserve;
  reserve.set_order_id(id<domain::OrderId>(31).to_string());
  auto& item = *reserve.add_items();
  item.set_product_id(tea.to_string());
  item.set_quantity(3);
  pb::ReleaseStock release;
  release.set_order_id(reserve.order_id());
  const google::protobuf::MessageLite* const commands[] = {&reserve, &release};
  for (const auto* command : commands) expect_golden("published." + command->GetTypeName(), command->SerializeAsString());
}

}  // namespace
}  // namespace stores::tests
