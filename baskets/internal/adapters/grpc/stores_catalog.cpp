#include "baskets/internal/adapters/grpc/stores_catalog.hpp"

#include "pkg/money/moneypb/convert.hpp"
#include "stores/storespb/api.pb.h"

namespace baskets::adapters::grpc {
namespace {

namespace pb = mallbots::stores::v1;
using pkg::errors::ErrorKind;
using pkg::errors::pass_on;
using pkg::errors::Result;

std::unexpected<pkg::errors::Error> unreadable() {
  return pkg::errors::fail(ErrorKind::internal, "unreadable_answer", "stores answered something that cannot be read.");
}

Result<app::ProductFact> read_product(const domain::ProductId& id, const pb::Product& product) {
  const auto store = domain::StoreId::parse(product.store_id());
  const auto price = pkg::money::from_proto(product.price(), "price");
  if (!store || !price) return unreadable();
  return app::ProductFact{id, *store, product.name(), *price, false, product.version()};
}

}  // namespace

Result<std::optional<app::Catalog::Entry>> StoresCatalog::look_up(const pkg::uow::Cause& cause, const domain::ProductId& product) {
  const pkg::grpc::CallOptions options{.cause = cause};
  pb::GetProductRequest product_request;
  product_request.set_id(product.to_string());
  const auto found =
      stores_.call<pb::GetProductRequest, pb::Product>("mallbots.stores.v1.StoresService.GetProduct", product_request, options);
  if (!found && found.error().kind == ErrorKind::not_found) return std::optional<Entry>{};
  if (!found) return pass_on(found);
  const auto product_fact = read_product(product, *found);
  if (!product_fact) return pass_on(product_fact);

  pb::GetStoreRequest store_request;
  store_request.set_id(found->store_id());
  const auto store = stores_.call<pb::GetStoreRequest, pb::Store>("mallbots.stores.v1.StoresService.GetStore", store_request, options);
  if (!store) return pass_on(store);
  return std::optional(Entry{*product_fact, {*product_fact->store, store->name(), store->participating(), store->version()}});
}

}  // namespace baskets::adapters::grpc
