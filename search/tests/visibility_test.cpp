// What may be looked for, and who sees what is found.

#include "search/internal/domain/visibility.hpp"

#include <gtest/gtest.h>

#include "pkg/ids/id_sources.hpp"
#include "search/internal/domain/order_status.hpp"

namespace search::domain {
namespace {

const UserId ann{pkg::ids::CountingIds::nth(1)};
const UserId bob{pkg::ids::CountingIds::nth(2)};

TEST(Visibility, AQueryHasAtMostThreeHundredCharactersHoweverManyBytesTheyHave) {
  std::string umlauts;
  for (int i = 0; i < longest_query; ++i) umlauts += "\u00fc";
  EXPECT_TRUE(may_look_for(""));
  EXPECT_TRUE(may_look_for(umlauts));
  const auto refused = may_look_for(umlauts + "x");
  ASSERT_FALSE(refused);
  const auto error = to_error(refused.error());
  EXPECT_EQ(error.code, "query_too_long");
  EXPECT_EQ(error.kind, pkg::errors::ErrorKind::malformed);
  EXPECT_EQ(error.field, "q");
}

TEST(Visibility, OnlyOperatorsLookAtTheOrdersOfOthers) {
  EXPECT_EQ(whose_orders(bob, {ann, true}), bob);
  EXPECT_EQ(whose_orders(std::nullopt, {ann, true}), ann);
  EXPECT_EQ(whose_orders(bob, {ann, false}), ann);
  EXPECT_EQ(whose_orders(std::nullopt, {ann, false}), ann);
}

TEST(Visibility, AnOrderIsSeenByWhoOrderedAndByOperators) {
  EXPECT_TRUE(may_see(ann, {ann, false}));
  EXPECT_TRUE(may_see(ann, {bob, true}));
  const auto foreign = to_error(may_see(ann, {bob, false}).error());
  EXPECT_EQ(foreign.code, "not_your_order");
  EXPECT_EQ(foreign.kind, pkg::errors::ErrorKind::forbidden);
  const auto missing = to_error(may_see(std::nullopt, {bob, true}).error());
  EXPECT_EQ(missing.code, "no_such_order");
  EXPECT_EQ(missing.kind, pkg::errors::ErrorKind::not_found);
}

TEST(OrderStatus, IsReadByTheWordThatItIsWrittenWith) {
  for (const auto status : {OrderStatus::pending, OrderStatus::approved, OrderStatus::ready, OrderStatus::completed, OrderStatus::rejected,
                            OrderStatus::canceled}) {
    EXPECT_EQ(status_of(to_word(status)), status);
  }
  EXPECT_FALSE(status_of("approved"));
  EXPECT_FALSE(status_of(""));
}

}  // namespace
}  // namespace search::domain
