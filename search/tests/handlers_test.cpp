// What search learns from the messages of other services.

#include "search/internal/ports/handlers/integration_events.hpp"

#include <gtest/gtest.h>

#include "ordering/orderingpb/messages.pb.h"
#include "pkg/money/moneypb/convert.hpp"
#include "search/tests/fakes.hpp"
#include "search/tests/samples.hpp"
#include "stores/storespb/messages.pb.h"
#include "users/userspb/messages.pb.h"

namespace search::tests {
namespace {

namespace ordering = mallbots::ordering::v1;
namespace stores = mallbots::stores::v1;
using domain::OrderStatus;

class Messages : public ::testing::Test {
 protected:
  Messages() { ports::handle_integration_events(handlers, products, orders); }

  template <class P>
  pkg::errors::Result<> receive(const P& payload, std::uint64_t version) {
    pkg::messaging::Message message;
    message.type = P::descriptor()->full_name();
    message.aggregate_version = version;
    message.payload = payload.SerializeAsString();
    return transactor.run({}, [&](pkg::uow::UnitOfWork& unit) { return (*handlers.find(message.type))(unit, message); });
  }
  template <class P>
  P about_store() {
    P event;
    event.set_store_id(north.to_string());
    return event;
  }
  template <class P>
  P about_product() {
    P event;
    event.set_product_id(tea.to_string());
    return event;
  }
  template <class P>
  void move(std::uint64_t version) {
    P event;
    event.set_order_id(order.to_string());
    ASSERT_TRUE(receive(event, version));
  }
  ordering::OrderCreated created() {
    ordering::OrderCreated event;
    event.set_order_id(order.to_string());
    event.set_user_id(ann.to_string());
    auto& item = *event.add_items();
    item.set_product_id(tea.to_string());
    item.set_store_id(north.to_string());
    item.set_product_name("Tea");
    item.set_store_name("North");
    *item.mutable_price() = pkg::money::to_proto(eur(250));
    item.set_quantity(2);
    *event.mutable_total() = pkg::money::to_proto(eur(500));
    event.mutable_created_at()->set_seconds(1'700'000'000);
    return event;
  }
  app::FoundOrder shown() {
    return *transactor.run_for({}, [&](pkg::uow::UnitOfWork& unit) { return orders.find(unit, order); }).value();
  }

  const domain::UserId ann = id<domain::UserId>(1);
  const domain::ProductId tea = id<domain::ProductId>(11);
  const domain::StoreId north = id<domain::StoreId>(21);
  const domain::OrderId order = id<domain::OrderId>(31);
  pkg::uow::MemoryTransactor transactor;
  RecordedProductIndex products;
  MemoryOrderHistory orders;
  pkg::messaging::Handlers handlers;
};

TEST_F(Messages, OfStoresTellNamesAndParticipationWithTheirVersion) {
  auto opened = about_store<stores::StoreCreated>();
  opened.set_name("North");
  auto renamed = about_store<stores::StoreRebranded>();
  renamed.set_name("Far north");
  ASSERT_TRUE(receive(opened, 1));
  ASSERT_TRUE(receive(about_store<stores::StoreParticipationEnabled>(), 2));
  ASSERT_TRUE(receive(renamed, 3));
  ASSERT_TRUE(receive(about_store<stores::StoreParticipationDisabled>(), 4));
  ASSERT_EQ(products.stores.size(), 4u);
  EXPECT_EQ(products.stores[0].name, "North");
  EXPECT_EQ(products.stores[0].participating, false);
  EXPECT_EQ(products.stores[1].participating, true);
  EXPECT_EQ(products.stores[1].name, std::nullopt);
  EXPECT_EQ(products.stores[2].name, "Far north");
  EXPECT_EQ(products.stores[3].participating, false);
  EXPECT_EQ(products.stores[3].version, 4u);
}

TEST_F(Messages, OfProductsTellOneSortOfFactEach) {
  auto added = about_product<stores::ProductAdded>();
  added.set_store_id(north.to_string());
  added.set_name("Tea");
  added.set_description("Green");
  added.set_sku("T-1");
  *added.mutable_price() = pkg::money::to_proto(eur(250));
  auto renamed = about_product<stores::ProductRebranded>();
  renamed.set_name("Best tea");
  auto dearer = about_product<stores::ProductPriceIncreased>();
  *dearer.mutable_price() = pkg::money::to_proto(eur(300));
  auto cheaper = about_product<stores::ProductPriceDecreased>();
  *cheaper.mutable_price() = pkg::money::to_proto(eur(200));
  ASSERT_TRUE(receive(added, 1));
  ASSERT_TRUE(receive(renamed, 2));
  ASSERT_TRUE(receive(dearer, 3));
  ASSERT_TRUE(receive(cheaper, 4));
  ASSERT_TRUE(receive(about_product<stores::ProductRemoved>(), 5));
  ASSERT_EQ(products.products.size(), 5u);
  EXPECT_EQ(products.products[0].origin->sku, "T-1");
  EXPECT_EQ(products.products[0].brand->description, "Green");
  EXPECT_EQ(products.products[0].price, eur(250));
  EXPECT_EQ(products.products[1].brand->name, "Best tea");
  EXPECT_FALSE(products.products[1].price);
  EXPECT_EQ(products.products[2].price, eur(300));
  EXPECT_FALSE(products.products[2].brand);
  EXPECT_EQ(products.products[3].price, eur(200));
  EXPECT_TRUE(products.products[4].removed);
  EXPECT_EQ(products.products[4].version, 5u);
}

TEST_F(Messages, OfOrdersTellWhatWasOrderedAndWhereItStands) {
  ASSERT_TRUE(receive(created(), 1));
  EXPECT_EQ(shown().status, OrderStatus::pending);
  EXPECT_EQ(shown().total, eur(500));
  EXPECT_EQ(shown().items.at(0).quantity, 2);
  EXPECT_EQ(pkg::clock::unix_ms(shown().created_at), 1'700'000'000'000);
  move<ordering::OrderApproved>(2);
  EXPECT_EQ(shown().status, OrderStatus::approved);
  move<ordering::OrderReadied>(3);
  EXPECT_EQ(shown().status, OrderStatus::ready);
  move<ordering::OrderCompleted>(4);
  EXPECT_EQ(shown().status, OrderStatus::completed);
  move<ordering::OrderRejected>(5);
  EXPECT_EQ(shown().status, OrderStatus::rejected);
  move<ordering::OrderCanceled>(6);
  EXPECT_EQ(shown().status, OrderStatus::canceled);
}

TEST_F(Messages, OfUsersTellTheNameThatIsShownWithOrders) {
  mallbots::users::v1::UserRegistered registered;
  registered.set_user_id(ann.to_string());
  registered.set_username("ann");
  ASSERT_TRUE(receive(registered, 1));
  ASSERT_TRUE(receive(created(), 1));
  EXPECT_EQ(shown().username, "ann");
}

TEST_F(Messages, ThatNobodyCanReadAreMalformed) {
  EXPECT_EQ(receive(stores::StoreCreated{}, 1).error().kind, pkg::errors::ErrorKind::malformed);
  EXPECT_EQ(receive(stores::ProductRemoved{}, 1).error().code, "malformed_id");
  EXPECT_EQ(receive(about_product<stores::ProductPriceIncreased>(), 1).error().code, "malformed_money");
  EXPECT_EQ(receive(ordering::OrderCreated{}, 1).error().code, "malformed_id");
  EXPECT_EQ(receive(ordering::OrderApproved{}, 1).error().code, "malformed_id");
}

}  // namespace
}  // namespace search::tests
