#include "pkg/money/moneypb/convert.hpp"
#include "pkg/paging/paging.hpp"
#include "pkg/rpc/read.hpp"
#include "stores/internal/ports/grpc/calls.hpp"
#include "stores/internal/ports/grpc/convert.hpp"

namespace stores::ports {
namespace {

namespace pb = mallbots::stores::v1;
using domain::ProductId;
using domain::StoreId;
using pkg::errors::pass_on;
using pkg::errors::Result;
using pkg::rpc::Call;
using pkg::rpc::read_id;

class ProductCalls {
 public:
  ProductCalls(const app::Application& app, pkg::ids::IdSource& ids) : app_(app), ids_(ids) {}

  Result<pb::AddProductResponse> add(const Call& call, const pb::AddProductRequest& request) const {
    const auto target = read_target<StoreId>(call, request.store_id(), "storeId");
    if (!target) return pass_on(target);
    const auto price = pkg::money::from_proto(request.price(), "price");
    if (!price) return pass_on(price);
    const auto stock = request.has_stock() ? std::optional<std::int64_t>(request.stock()) : std::nullopt;
    const auto product = ProductId::make(ids_);
    const auto added = app_.add_product(
        call.cause, {product, target->id, target->by, {request.name(), request.description(), request.sku(), *price, stock}});
    if (!added) return pass_on(added);
    pb::AddProductResponse response;
    response.set_id(product.to_string());
    return response;
  }

  Result<pb::Product> get(const Call& call, const pb::GetProductRequest& request) const {
    const auto product = read_id<ProductId>(request.id(), "id");
    if (!product) return pass_on(product);
    return show(call, *product);
  }

  Result<pb::ListProductsResponse> list(const Call& call, const pb::ListProductsRequest& request) const {
    const auto store = read_id<StoreId>(request.store_id(), "storeId");
    if (!store) return pass_on(store);
    const auto page = pkg::paging::read_page(request.page_size(), request.page_token(), app::cursor_parts);
    if (!page) return pass_on(page);
    const auto products = app_.list_products(call.cause, {*store, *page});
    if (!products) return pass_on(products);
    pb::ListProductsResponse response;
    for (const auto& product : products->items) *response.add_products() = to_proto(product);
    response.set_next_page_token(pkg::paging::write_token(products->next));
    return response;
  }

  Result<pb::RemoveProductResponse> remove(const Call& call, const pb::RemoveProductRequest& request) const {
    const auto target = read_target<ProductId>(call, request.id(), "id");
    if (!target) return pass_on(target);
    if (const auto removed = app_.remove_product(call.cause, {target->id, target->by, call.if_match}); !removed) return pass_on(removed);
    return pb::RemoveProductResponse();
  }

  Result<pb::Product> rebrand(const Call& call, const pb::RebrandProductRequest& request) const {
    const auto target = read_target<ProductId>(call, request.id(), "id");
    if (!target) return pass_on(target);
    return answer(call, *target,
                  app_.rebrand_product(call.cause, {target->id, target->by, request.name(), request.description(), call.if_match}));
  }

  Result<pb::Product> increase_price(const Call& call, const pb::IncreasePriceRequest& request) const {
    const auto target = read_target<ProductId>(call, request.id(), "id");
    if (!target) return pass_on(target);
    const auto price = pkg::money::from_proto(request.price(), "price");
    if (!price) return pass_on(price);
    return answer(call, *target, app_.increase_price(call.cause, {target->id, target->by, *price, call.if_match}));
  }

  Result<pb::Product> decrease_price(const Call& call, const pb::DecreasePriceRequest& request) const {
    const auto target = read_target<ProductId>(call, request.id(), "id");
    if (!target) return pass_on(target);
    const auto price = pkg::money::from_proto(request.price(), "price");
    if (!price) return pass_on(price);
    return answer(call, *target, app_.decrease_price(call.cause, {target->id, target->by, *price, call.if_match}));
  }

  Result<pb::Product> restock(const Call& call, const pb::RestockProductRequest& request) const {
    const auto target = read_target<ProductId>(call, request.id(), "id");
    if (!target) return pass_on(target);
    return answer(call, *target, app_.restock_product(call.cause, {target->id, target->by, request.quantity(), call.if_match}));
  }

 private:
  Result<pb::Product> answer(const Call& call, const Target<ProductId>& target, const app::ChangedProduct& changed) const {
    if (!changed) return pass_on(changed);
    return show(call, target.id);
  }
  Result<pb::Product> show(const Call& call, const ProductId& product) const {
    const auto found = app_.get_product(call.cause, {product});
    if (!found) return pass_on(found);
    return to_proto(*found);
  }

  const app::Application& app_;
  pkg::ids::IdSource& ids_;
};

}  // namespace

void bind_product_calls(pkg::rpc::Service& service, const app::Application& app, pkg::ids::IdSource& ids) {
  const ProductCalls calls(app, ids);
  service.unary("AddProduct", calls, &ProductCalls::add)
      .unary("ListProducts", calls, &ProductCalls::list)
      .unary("GetProduct", calls, &ProductCalls::get)
      .unary("RemoveProduct", calls, &ProductCalls::remove)
      .unary("RebrandProduct", calls, &ProductCalls::rebrand)
      .unary("IncreasePrice", calls, &ProductCalls::increase_price)
      .unary("DecreasePrice", calls, &ProductCalls::decrease_price)
      .unary("RestockProduct", calls, &ProductCalls::restock);
}

}  // namespace stores::ports
