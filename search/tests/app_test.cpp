// The use cases of search on fakes: what is asked, and who may see it.

#include "search/internal/app/app.hpp"

#include <gtest/gtest.h>

#include <type_traits>

#include "search/tests/fakes.hpp"
#include "search/tests/port_contracts.hpp"

namespace search::tests {
namespace {

static_assert(!std::is_copy_constructible_v<app::Application> && !std::is_copy_assignable_v<app::Application>,
              "the ports refer to the one there is");

struct MemoryPorts {
  pkg::uow::Transactor& transactor() { return transactor_; }
  app::OrderHistory& orders() { return orders_; }

 private:
  pkg::uow::MemoryTransactor transactor_;
  MemoryOrderHistory orders_;
};
INSTANTIATE_TYPED_TEST_SUITE_P(Memory, PortContract, MemoryPorts);

class Search : public ::testing::Test {
 protected:
  pkg::uow::MemoryTransactor transactor;
  RecordedProductIndex products;
  MemoryOrderHistory orders;
  app::Application app{{transactor, products, orders}};

  const pkg::uow::Cause cause{"correlation", "request", ""};
  const domain::UserId ann = id<domain::UserId>(1);
  const domain::UserId bob = id<domain::UserId>(2);
  const domain::OrderId order = id<domain::OrderId>(11);

  void SetUp() override {
    ASSERT_TRUE(transactor.run(cause, [&](pkg::uow::UnitOfWork& unit) -> pkg::errors::Result<> {
      orders.learn(unit, app::OrderFact{order, app::OrderFact::Contents{ann, {}, eur(500), {}}, domain::OrderStatus::pending, 1});
      return {};
    }));
  }
  std::size_t count(const app::SearchOrders& query) { return app.search_orders(cause, query)->items.size(); }
};

TEST_F(Search, PassesAProductQueryOnAsItIs) {
  app::ProductQuery query;
  query.words = "green tea";
  query.min_price = 100;
  ASSERT_TRUE(app.search_products(cause, query));
  ASSERT_EQ(products.asked.size(), 1u);
  EXPECT_EQ(products.asked[0].words, "green tea");
  EXPECT_EQ(products.asked[0].min_price, 100);
}

TEST_F(Search, AQueryThatIsTooLongNeverReachesTheIndex) {
  app::ProductQuery query;
  query.words = std::string(301, 'x');
  EXPECT_EQ(app.search_products(cause, query).error().code, "query_too_long");
  EXPECT_TRUE(products.asked.empty());
}

TEST_F(Search, OrdersOfOthersAreFoundByOperatorsOnly) {
  EXPECT_EQ(count({{ann, false}, {}, {}}), 1u);
  EXPECT_EQ(count({{bob, false}, {}, {}}), 0u);
  EXPECT_EQ(count({{bob, false}, ann, {}}), 0u) << "bob gets his own";
  EXPECT_EQ(count({{bob, true}, ann, {}}), 1u);
  EXPECT_EQ(count({{bob, true}, {}, {}}), 0u);
}

TEST_F(Search, AnOrderIsShownToItsOwnerAndToOperators) {
  EXPECT_EQ(app.get_order(cause, {order, {ann, false}})->total, eur(500));
  EXPECT_TRUE(app.get_order(cause, {order, {bob, true}}));
  EXPECT_EQ(app.get_order(cause, {order, {bob, false}}).error().code, "not_your_order");
  EXPECT_EQ(app.get_order(cause, {id<domain::OrderId>(99), {ann, false}}).error().code, "no_such_order");
}

}  // namespace
}  // namespace search::tests
