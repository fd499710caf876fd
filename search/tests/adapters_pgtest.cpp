// The PostgreSQL adapter of the order history passes the contract that the fake passes.

#include "search/tests/pg_ports.hpp"
#include "search/tests/port_contracts.hpp"

namespace search::tests {
namespace {

INSTANTIATE_TYPED_TEST_SUITE_P(Postgres, PortContract, PgPorts);

using PgOrderHistoryTest = PortContract<PgPorts>;

TEST_F(PgOrderHistoryTest, ShowsTheItemsThatTheReleaseBeforeWroteDownBesideThoseInTheirOrders) {
  const std::vector<app::OrderedItem> items{{tea, north, "Tea \"green\", {1}", "North", eur(250), 2},
                                            {jam, south, "Jam", "South", eur(300), 1}};
  const std::vector<app::OrderedItem> twice{{jam, south, "Jam", "South", eur(300), 1}, {jam, south, "Jam", "South", eur(300), 2}};
  learn(created(1, items));
  learn(created(2, twice));
  EXPECT_EQ(ports.database().sql("SELECT count(*) FROM order_items"), "0");
  // As it was written: pinned here.
  ports.database().sql("UPDATE orders SET items = NULL WHERE order_id = '" + order(1).to_string() + "';" +
                       "INSERT INTO order_items VALUES ('" + order(1).to_string() + "', 2, '" + jam.to_string() + "', '" +
                       south.to_string() + "', 'Jam', 'South', 'EUR', 300, 1), ('" + order(1).to_string() + "', 1, '" + tea.to_string() +
                       "', '" + north.to_string() + "', 'Tea \"green\", {1}', 'North', 'EUR', 250, 2)");
  EXPECT_EQ(find(order(1))->items, items);
  EXPECT_EQ(find(order(2))->items, twice);
  const auto listed = list(of(ann));
  ASSERT_TRUE(listed) << listed.error().code;
  ASSERT_EQ(listed->items.size(), 2u);
  EXPECT_EQ(listed->items[0].items, twice);
  EXPECT_EQ(listed->items[1].items, items);
  // Heard of once more, it stays as it is.
  learn(created(1, items));
  EXPECT_EQ(find(order(1))->items, items);
  EXPECT_EQ(ports.database().sql("SELECT count(*) FROM orders WHERE items IS NULL"), "1");
}

}  // namespace
}  // namespace search::tests
