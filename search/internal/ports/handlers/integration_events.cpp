#include "search/internal/ports/handlers/integration_events.hpp"

#include "pkg/money/moneypb/convert.hpp"
#include "pkg/rpc/read.hpp"
#include "search/internal/ports/handlers/order_events.hpp"
#include "stores/storespb/messages.pb.h"
#include "users/userspb/messages.pb.h"

namespace search::ports {
namespace {

namespace pb = mallbots::stores::v1;
using app::ProductFact;
using app::StoreFact;
using pkg::errors::pass_on;
using pkg::errors::Result;
using pkg::messaging::Message;
using pkg::rpc::read_id;
using pkg::uow::UnitOfWork;

/// `tell` fills in what this event says of the store.
template <class P, class Tell>
void on_store(pkg::messaging::Handlers& handlers, app::ProductIndex& products, Tell tell) {
  handlers.on<P>([&products, tell](UnitOfWork& unit, const Message& message, const P& event) -> Result<> {
    const auto store = read_id<domain::StoreId>(event.store_id(), "store_id");
    if (!store) return pass_on(store);
    StoreFact fact{.store = *store, .name = {}, .participating = {}, .version = message.aggregate_version};
    tell(event, fact);
    products.learn(unit, fact);
    return {};
  });
}

/// `tell` fills in what this event says of the product.
template <class P, class Tell>
void on_product(pkg::messaging::Handlers& handlers, app::ProductIndex& products, Tell tell) {
  handlers.on<P>([&products, tell](UnitOfWork& unit, const Message& message, const P& event) -> Result<> {
    const auto product = read_id<domain::ProductId>(event.product_id(), "product_id");
    if (!product) return pass_on(product);
    ProductFact fact{.product = *product, .origin = {}, .brand = {}, .price = {}, .removed = false, .version = message.aggregate_version};
    if (Result<> told = tell(event, fact); !told) return told;
    products.learn(unit, fact);
    return {};
  });
}

void handle_stores(pkg::messaging::Handlers& handlers, app::ProductIndex& products) {
  on_store<pb::StoreCreated>(handlers, products, [](const pb::StoreCreated& event, StoreFact& fact) {
    fact.name = event.name();
    fact.participating = false;
  });
  on_store<pb::StoreRebranded>(handlers, products, [](const auto& event, StoreFact& fact) { fact.name = event.name(); });
  on_store<pb::StoreParticipationEnabled>(handlers, products, [](const auto&, StoreFact& fact) { fact.participating = true; });
  on_store<pb::StoreParticipationDisabled>(handlers, products, [](const auto&, StoreFact& fact) { fact.participating = false; });
}

void handle_products(pkg::messaging::Handlers& handlers, app::ProductIndex& products) {
  const auto priced = [](const auto& event, ProductFact& fact) -> Result<> {
    const auto price = pkg::money::from_proto(event.price(), "price");
    if (!price) return pass_on(price);
    fact.price = *price;
    return {};
  };
  on_product<pb::ProductAdded>(handlers, products, [priced](const pb::ProductAdded& event, ProductFact& fact) -> Result<> {
    const auto store = read_id<domain::StoreId>(event.store_id(), "store_id");
    if (!store) return pass_on(store);
    fact.origin = {*store, event.sku()};
    fact.brand = {event.name(), event.description()};
    return priced(event, fact);
  });
  on_product<pb::ProductRebranded>(handlers, products, [](const pb::ProductRebranded& event, ProductFact& fact) -> Result<> {
    fact.brand = {event.name(), event.description()};
    return {};
  });
  on_product<pb::ProductPriceIncreased>(handlers, products, priced);
  on_product<pb::ProductPriceDecreased>(handlers, products, priced);
  on_product<pb::ProductRemoved>(handlers, products, [](const pb::ProductRemoved&, ProductFact& fact) -> Result<> {
    fact.removed = true;
    return {};
  });
}

void handle_users(pkg::messaging::Handlers& handlers, app::OrderHistory& orders) {
  using mallbots::users::v1::UserRegistered;
  handlers.on<UserRegistered>([&orders](UnitOfWork& unit, const Message&, const UserRegistered& event) -> Result<> {
    const auto user = read_id<domain::UserId>(event.user_id(), "user_id");
    if (!user) return pass_on(user);
    orders.learn(unit, app::UserFact{*user, event.username()});
    return {};
  });
}

}  // namespace

void handle_integration_events(pkg::messaging::Handlers& handlers, app::ProductIndex& products, app::OrderHistory& orders) {
  handle_stores(handlers, products);
  handle_products(handlers, products);
  handle_users(handlers, orders);
  handle_order_events(handlers, orders);
}

}  // namespace search::ports
