// The bytes of what search stores as one value, pinned in tests/golden: a change that a stored row would not understand fails here. Old
// files are never changed.

#include <gtest/gtest.h>

#include "pkg/testing/golden.hpp"
#include "search/internal/adapters/pg/order_items_codec.hpp"
#include "search/tests/samples.hpp"

namespace search::tests {
namespace {

TEST(GoldenRows, ItemsKeepTheirBytesAndAreReadBesideTheirProductsAndStores) {
  const std::vector<app::OrderedItem> items{{id<domain::ProductId>(1), id<domain::StoreId>(21), "Tea", "North", eur(250), 2},
                                            {id<domain::ProductId>(2), id<domain::StoreId>(22), "K\u00e4se", "South", eur(900), 1}};
  const auto bytes = adapters::pg::encode_items(items);
  pkg::testing::expect_golden("search/tests/golden/OrderItems.hex", bytes);
  const std::vector products{items[0].product.value(), items[1].product.value()};
  const std::vector stores{items[0].store.value(), items[1].store.value()};
  EXPECT_EQ(adapters::pg::decode_items(bytes, products, stores).value(), items);
  EXPECT_EQ(adapters::pg::decode_items("nonsense", products, stores).error().code, "unreadable_row");
  EXPECT_EQ(adapters::pg::decode_items(bytes, {}, stores).error().code, "unreadable_row");
}

}  // namespace
}  // namespace search::tests
