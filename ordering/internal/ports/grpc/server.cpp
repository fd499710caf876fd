#include "ordering/internal/ports/grpc/server.hpp"

#include <google/protobuf/util/time_util.h>

#include "ordering/orderingpb/api.pb.h"
#include "pkg/money/moneypb/convert.hpp"
#include "pkg/paging/paging.hpp"
#include "pkg/rpc/read.hpp"

namespace ordering::ports {
namespace {

namespace pb = mallbots::ordering::v1;
using domain::OrderId;
using domain::OrderStatus;
using domain::UserId;
using pkg::errors::pass_on;
using pkg::errors::Result;
using pkg::rpc::Call;
using pkg::rpc::read_caller;
using pkg::rpc::read_id;

pb::Order::Status to_proto(OrderStatus status) {
  switch (status) {
    case OrderStatus::none: return pb::Order::STATUS_UNSPECIFIED;
    case OrderStatus::pending: return pb::Order::PENDING;
    case OrderStatus::approved: return pb::Order::APPROVED;
    case OrderStatus::ready: return pb::Order::READY;
    case OrderStatus::completed: return pb::Order::COMPLETED;
    case OrderStatus::rejected: return pb::Order::REJECTED;
    case OrderStatus::canceled: return pb::Order::CANCELED;
  }
  std::unreachable();
}

google::protobuf::Timestamp to_proto(pkg::clock::TimePoint time) {
  return google::protobuf::util::TimeUtil::MicrosecondsToTimestamp(pkg::clock::unix_us(time));
}

pb::Order to_proto(const app::OrderView& order) {
  pb::Order message;
  message.set_id(order.id.to_string());
  message.set_user_id(order.user.to_string());
  message.set_payment_id(order.payment.to_string());
  message.set_status(to_proto(order.status));
  for (const auto& line : order.items) {
    auto& item = *message.add_items();
    item.set_product_id(line.product.to_string());
    item.set_store_id(line.store.to_string());
    item.set_product_name(line.product_name);
    item.set_store_name(line.store_name);
    *item.mutable_price() = pkg::money::to_proto(line.price);
    item.set_quantity(line.quantity);
  }
  *message.mutable_total() = pkg::money::to_proto(order.total);
  if (order.shopping_list) message.set_shopping_list_id(order.shopping_list->to_string());
  if (order.invoice) message.set_invoice_id(order.invoice->to_string());
  if (!order.rejection_code.empty()) message.set_rejection_code(order.rejection_code);
  *message.mutable_created_at() = to_proto(order.created_at);
  for (const auto& step : order.history) {
    auto& entry = *message.add_history();
    entry.set_status(to_proto(step.status));
    *entry.mutable_at() = to_proto(step.at);
    entry.set_detail(step.detail);
  }
  message.set_version(order.version);
  return message;
}

Result<domain::Actor> read_actor(const Call& call) {
  const auto user = read_caller<UserId>(call.caller);
  if (!user) return pass_on(user);
  return domain::Actor{*user, call.caller.has_role("operator")};
}

class Calls {
 public:
  explicit Calls(const app::Application& app) : app_(app) {}

  Result<pb::Order> get(const Call& call, const pb::GetOrderRequest& request) const {
    const auto actor = read_actor(call);
    if (!actor) return pass_on(actor);
    const auto order = read_id<OrderId>(request.id(), "id");
    if (!order) return pass_on(order);
    return show(call, *order, *actor);
  }

  Result<pb::ListOrdersResponse> list(const Call& call, const pb::ListOrdersRequest& request) const {
    const auto user = read_caller<UserId>(call.caller);
    if (!user) return pass_on(user);
    const auto page = pkg::paging::read_page(request.page_size(), request.page_token(), app::OrderBook::cursor_parts);
    if (!page) return pass_on(page);
    const auto orders = app_.list_orders(call.cause, {*user, *page});
    if (!orders) return pass_on(orders);
    pb::ListOrdersResponse response;
    for (const auto& order : orders->items) *response.add_orders() = to_proto(order);
    response.set_next_page_token(pkg::paging::write_token(orders->next));
    return response;
  }

  Result<pb::Order> cancel(const Call& call, const pb::CancelOrderRequest& request) const {
    const auto actor = read_actor(call);
    if (!actor) return pass_on(actor);
    const auto order = read_id<OrderId>(request.id(), "id");
    if (!order) return pass_on(order);
    if (const auto canceled = app_.cancel_order(call.cause, {*order, *actor, call.if_match}); !canceled) return pass_on(canceled);
    return show(call, *order, *actor);
  }

 private:
  Result<pb::Order> show(const Call& call, const OrderId& order, const domain::Actor& actor) const {
    const auto found = app_.get_order(call.cause, {order, actor});
    if (!found) return pass_on(found);
    return to_proto(*found);
  }

  const app::Application& app_;
};

}  // namespace

pkg::rpc::Service ordering_service(const app::Application& app) {
  const Calls calls(app);
  return pkg::rpc::Service("mallbots.ordering.v1.OrderingService")
      .unary("GetOrder", calls, &Calls::get)
      .unary("ListOrders", calls, &Calls::list)
      .unary("CancelOrder", calls, &Calls::cancel);
}

}  // namespace ordering::ports
