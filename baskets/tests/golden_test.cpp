// The bytes of every stored event and every published message, pinned for ever.

#include <gtest/gtest.h>

#include <variant>

#include "baskets/internal/adapters/pg/basket_codec.hpp"
#include "baskets/internal/constants/names.hpp"
#include "baskets/internal/ports/handlers/domain_events.hpp"
#include "pkg/ids/id_sources.hpp"
#include "pkg/messaging/outbox.hpp"
#include "pkg/testing/golden.hpp"
#include "pkg/uow/memory_transactor.hpp"

namespace baskets::tests {
namespace {

using pkg::testing::expect_golden;
using pkg::testing::from_hex;
using pkg::testing::golden;
using pkg::testing::to_hex;

template <class Id>
Id id(std::uint64_t n) {
  return Id{pkg::ids::CountingIds::nth(n)};
}

constexpr auto at = pkg::clock::TimePoint{std::chrono::hours{480'000}};
const pkg::money::Money price{*pkg::money::Currency::parse("EUR"), 250};
const auto ann = id<domain::UserId>(1);
const auto tea = id<domain::ProductId>(11);
const auto card = id<domain::PaymentId>(31);

/// One of each, in the order of the variant.
const std::vector<domain::BasketEvent> events{
    domain::BasketStarted{ann, at},     domain::ItemAdded{tea, id<domain::StoreId>(21), "Tea", "North", price, 2, at},
    domain::ItemRemoved{tea, 1, at},    domain::ItemRepriced{tea, price, at},
    domain::BasketCheckedOut{card, at}, domain::BasketCanceled{at},
    domain::BasketExpired{at}};

TEST(Golden, HasEveryEvent) {
  ASSERT_EQ(events.size(), std::variant_size_v<domain::BasketEvent>);
  for (std::size_t i = 0; i < events.size(); ++i) EXPECT_EQ(events[i].index(), i);
}

TEST(Golden, StoredEventsAreWrittenAndReadAsEver) {
  const auto codec = adapters::pg::basket_codec();
  for (const auto& event : events) {
    const auto stored = codec.encode(event);
    const auto pinned =
        golden("baskets/tests/golden/stored/" + stored.type + "-" + std::to_string(stored.type_version) + ".hex", stored.payload);
    EXPECT_EQ(to_hex(stored.payload), pinned) << stored.type;
    const auto read = codec.decode({stored.type, stored.type_version, from_hex(pinned)});
    ASSERT_TRUE(read) << stored.type;
    EXPECT_EQ(*read, event) << stored.type;
  }
}

class CapturingOutbox final : public pkg::messaging::Outbox {
 public:
  void add(pkg::uow::UnitOfWork&, pkg::messaging::Message message) override { messages.push_back(std::move(message)); }
  std::vector<pkg::messaging::Message> messages;
};

TEST(Golden, PublishedMessagesAreWrittenAsEver) {
  const pkg::clock::ManualClock clock(at);
  pkg::ids::CountingIds ids;
  CapturingOutbox outbox;
  pkg::messaging::Publisher publisher(outbox, ids, clock, constants::source);
  ports::PublishedBasketNews news(publisher);
  pkg::uow::MemoryTransactor transactor;
  pkg::es::Loaded<domain::Basket> basket;
  ASSERT_TRUE(transactor.run({"correlation", "causation", ""}, [&](pkg::uow::UnitOfWork& unit) -> pkg::errors::Result<> {
    for (const auto& event : events) {
      basket.advance(event);
      news.tell(unit, id<domain::BasketId>(1), basket, std::span(&event, 1));
    }
    return {};
  }));
  std::vector<std::string> told;
  for (const auto& message : outbox.messages) {
    told.push_back(message.type + " " + std::to_string(message.aggregate_version));
    expect_golden("baskets/tests/golden/published/" + message.type + "-" + std::to_string(message.aggregate_version) + ".hex",
                  message.payload);
    EXPECT_EQ(message.channel, constants::basket_events);
    EXPECT_EQ(message.key, id<domain::BasketId>(1).to_string());
    EXPECT_EQ(message.correlation_id, "correlation");
  }
  EXPECT_EQ(told, (std::vector<std::string>{"mallbots.baskets.v1.BasketStarted 1", "mallbots.baskets.v1.BasketCheckedOut 5",
                                            "mallbots.baskets.v1.BasketCanceled 6", "mallbots.baskets.v1.BasketCanceled 7"}));
}

}  // namespace
}  // namespace baskets::tests
