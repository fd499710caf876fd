#include "baskets/internal/ports/handlers/integration_events.hpp"

#include "pkg/money/moneypb/convert.hpp"
#include "pkg/rpc/read.hpp"
#include "stores/storespb/messages.pb.h"

namespace baskets::ports {
namespace {

namespace pb = mallbots::stores::v1;
using pkg::errors::Result;
using pkg::messaging::Message;
using pkg::uow::UnitOfWork;

Result<app::StoreFact> about_store(const Message& message, const std::string& store_id) {
  const auto store = pkg::rpc::read_id<domain::StoreId>(store_id, "store_id");
  if (!store) return pkg::errors::pass_on(store);
  return app::StoreFact{.store = *store, .name = {}, .participating = {}, .version = message.aggregate_version};
}

Result<app::ProductFact> about_product(const Message& message, const std::string& product_id) {
  const auto product = pkg::rpc::read_id<domain::ProductId>(product_id, "product_id");
  if (!product) return pkg::errors::pass_on(product);
  return app::ProductFact{
      .product = *product, .store = {}, .name = {}, .price = {}, .removed = false, .version = message.aggregate_version};
}

}  // namespace

void handle_integration_events(pkg::messaging::Handlers& handlers, app::OfferCache& offers) {
  const auto learn_store = [&offers](auto tell) {
    return [&offers, tell](UnitOfWork& unit, const Message& message, const auto& event) -> Result<> {
      auto fact = about_store(message, event.store_id());
      if (!fact) return pkg::errors::pass_on(fact);
      tell(event, *fact);
      offers.learn(unit, *fact);
      return {};
    };
  };
  const auto learn_product = [&offers](auto tell) {
    return [&offers, tell](UnitOfWork& unit, const Message& message, const auto& event) -> Result<> {
      auto fact = about_product(message, event.product_id());
      if (!fact) return pkg::errors::pass_on(fact);
      if (Result<> told = tell(event, *fact); !told) return told;
      offers.learn(unit, *fact);
      return {};
    };
  };
  const auto priced = [](const auto& event, app::ProductFact& fact) -> Result<> {
    auto price = pkg::money::from_proto(event.price(), "price");
    if (!price) return pkg::errors::pass_on(price);
    fact.price = *price;
    return {};
  };

  handlers.on<pb::StoreCreated>(learn_store([](const pb::StoreCreated& event, app::StoreFact& fact) {
    fact.name = event.name();
    fact.participating = false;
  }));
  handlers.on<pb::StoreRebranded>(learn_store([](const pb::StoreRebranded& event, app::StoreFact& fact) { fact.name = event.name(); }));
  handlers.on<pb::StoreParticipationEnabled>(learn_store([](const auto&, app::StoreFact& fact) { fact.participating = true; }));
  handlers.on<pb::StoreParticipationDisabled>(learn_store([](const auto&, app::StoreFact& fact) { fact.participating = false; }));

  handlers.on<pb::ProductAdded>(learn_product([priced](const pb::ProductAdded& event, app::ProductFact& fact) -> Result<> {
    const auto store = pkg::rpc::read_id<domain::StoreId>(event.store_id(), "store_id");
    if (!store) return pkg::errors::pass_on(store);
    fact.store = *store;
    fact.name = event.name();
    return priced(event, fact);
  }));
  handlers.on<pb::ProductRebranded>(learn_product([](const pb::ProductRebranded& event, app::ProductFact& fact) -> Result<> {
    fact.name = event.name();
    return {};
  }));
  handlers.on<pb::ProductPriceIncreased>(learn_product(priced));
  handlers.on<pb::ProductPriceDecreased>(learn_product(priced));
  handlers.on<pb::ProductRemoved>(learn_product([](const pb::ProductRemoved&, app::ProductFact& fact) -> Result<> {
    fact.removed = true;
    return {};
  }));
}

}  // namespace baskets::ports
