#include "baskets/internal/ports/grpc/server.hpp"

#include "baskets/basketspb/api.pb.h"
#include "pkg/money/moneypb/convert.hpp"
#include "pkg/rpc/read.hpp"

namespace baskets::ports {
namespace {

namespace pb = mallbots::baskets::v1;
using domain::BasketId;
using domain::PaymentId;
using domain::ProductId;
using domain::UserId;
using pkg::errors::pass_on;
using pkg::errors::Result;
using pkg::rpc::Call;
using pkg::rpc::read_caller;
using pkg::rpc::read_id;

pb::Basket::Status to_proto(domain::BasketStatus status) {
  switch (status) {
    case domain::BasketStatus::none: return pb::Basket::STATUS_UNSPECIFIED;
    case domain::BasketStatus::open: return pb::Basket::OPEN;
    case domain::BasketStatus::checked_out: return pb::Basket::CHECKED_OUT;
    case domain::BasketStatus::canceled: return pb::Basket::CANCELED;
  }
  std::unreachable();
}

pb::Basket to_proto(const BasketId& id, const pkg::es::Loaded<domain::Basket>& loaded) {
  const auto& basket = loaded.state;
  pb::Basket message;
  message.set_id(id.to_string());
  message.set_user_id(basket.owner.to_string());
  message.set_status(to_proto(basket.status));
  for (const auto& line : basket.items) {
    auto& item = *message.add_items();
    item.set_product_id(line.product.to_string());
    item.set_store_id(line.store.to_string());
    item.set_product_name(line.product_name);
    item.set_store_name(line.store_name);
    *item.mutable_price() = pkg::money::to_proto(line.price);
    item.set_quantity(line.quantity);
  }
  if (const auto sum = total(basket)) *message.mutable_total() = pkg::money::to_proto(*sum);
  if (basket.payment) message.set_payment_id(basket.payment->to_string());
  message.set_version(loaded.version);
  return message;
}

/// Whose basket, and which: what every call but the first begins with.
struct Target {
  BasketId basket;
  UserId by;
};

Result<Target> read_target(const Call& call, const std::string& id) {
  const auto by = read_caller<UserId>(call.caller);
  if (!by) return pass_on(by);
  const auto basket = read_id<BasketId>(id, "id");
  if (!basket) return pass_on(basket);
  return Target{*basket, *by};
}

Result<pb::Basket> answer(const Target& target, const app::Changed& changed) {
  if (!changed) return pass_on(changed);
  return to_proto(target.basket, *changed);
}

class Calls {
 public:
  Calls(app::Application& app, pkg::ids::IdSource& ids) : app_(app), ids_(ids) {}

  Result<pb::StartBasketResponse> start(const Call& call, const pb::StartBasketRequest&) const {
    const auto by = read_caller<UserId>(call.caller);
    if (!by) return pass_on(by);
    const auto basket = BasketId::make(ids_);
    if (const auto started = app_.start_basket(call.cause, {basket, *by}); !started) return pass_on(started);
    pb::StartBasketResponse response;
    response.set_id(basket.to_string());
    return response;
  }

  Result<pb::Basket> get(const Call& call, const pb::GetBasketRequest& request) const {
    const auto target = read_target(call, request.id());
    if (!target) return pass_on(target);
    return answer(*target, app_.get_basket(call.cause, {target->basket, target->by}));
  }

  Result<pb::Basket> add_item(const Call& call, const pb::AddItemRequest& request) const {
    const auto target = read_target(call, request.id());
    if (!target) return pass_on(target);
    const auto product = read_id<ProductId>(request.product_id(), "productId");
    if (!product) return pass_on(product);
    return answer(*target, app_.add_item(call.cause, {target->basket, target->by, *product, request.quantity(), call.if_match}));
  }

  Result<pb::Basket> remove_item(const Call& call, const pb::RemoveItemRequest& request) const {
    const auto target = read_target(call, request.id());
    if (!target) return pass_on(target);
    const auto product = read_id<ProductId>(request.product_id(), "productId");
    if (!product) return pass_on(product);
    const auto quantity = request.has_quantity() ? std::optional<int>(request.quantity()) : std::nullopt;
    return answer(*target, app_.remove_item(call.cause, {target->basket, target->by, *product, quantity, call.if_match}));
  }

  Result<pb::Basket> reprice(const Call& call, const pb::RepriceBasketRequest& request) const {
    const auto target = read_target(call, request.id());
    if (!target) return pass_on(target);
    return answer(*target, app_.reprice_basket(call.cause, {target->basket, target->by, call.if_match}));
  }

  Result<pb::CheckOutBasketResponse> check_out(const Call& call, const pb::CheckOutBasketRequest& request) const {
    const auto target = read_target(call, request.id());
    if (!target) return pass_on(target);
    std::optional<PaymentId> payment;
    if (!request.payment_id().empty()) {
      const auto named = read_id<PaymentId>(request.payment_id(), "paymentId");
      if (!named) return pass_on(named);
      payment = *named;
    }
    const auto done = app_.check_out_basket(call.cause, {target->basket, target->by, payment, call.if_match});
    if (!done) return pass_on(done);
    pb::CheckOutBasketResponse response;
    response.set_order_id(target->basket.to_string());
    return response;
  }

  Result<pb::Basket> cancel(const Call& call, const pb::CancelBasketRequest& request) const {
    const auto target = read_target(call, request.id());
    if (!target) return pass_on(target);
    return answer(*target, app_.cancel_basket(call.cause, {target->basket, target->by, call.if_match}));
  }

 private:
  app::Application& app_;
  pkg::ids::IdSource& ids_;
};

}  // namespace

pkg::rpc::Service baskets_service(app::Application& app, pkg::ids::IdSource& ids) {
  const Calls calls(app, ids);
  return pkg::rpc::Service("mallbots.baskets.v1.BasketsService")
      .unary("StartBasket", calls, &Calls::start)
      .unary("GetBasket", calls, &Calls::get)
      .unary("AddItem", calls, &Calls::add_item)
      .unary("RemoveItem", calls, &Calls::remove_item)
      .unary("RepriceBasket", calls, &Calls::reprice)
      .unary("CheckOutBasket", calls, &Calls::check_out)
      .unary("CancelBasket", calls, &Calls::cancel);
}

}  // namespace baskets::ports
