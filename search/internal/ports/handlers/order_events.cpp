#include "search/internal/ports/handlers/order_events.hpp"

#include <google/protobuf/util/time_util.h>

#include "ordering/orderingpb/messages.pb.h"
#include "pkg/money/moneypb/convert.hpp"
#include "pkg/rpc/read.hpp"

namespace search::ports {
namespace {

namespace pb = mallbots::ordering::v1;
using domain::OrderStatus;
using pkg::errors::pass_on;
using pkg::errors::Result;
using pkg::messaging::Message;
using pkg::rpc::read_id;
using pkg::uow::UnitOfWork;

Result<app::OrderedItem> read_item(const pb::OrderCreated::Item& item) {
  const auto product = read_id<domain::ProductId>(item.product_id(), "items.product_id");
  if (!product) return pass_on(product);
  const auto store = read_id<domain::StoreId>(item.store_id(), "items.store_id");
  if (!store) return pass_on(store);
  const auto price = pkg::money::from_proto(item.price(), "items.price");
  if (!price) return pass_on(price);
  return app::OrderedItem{*product, *store, item.product_name(), item.store_name(), *price, item.quantity()};
}

Result<app::OrderFact::Contents> read_contents(const pb::OrderCreated& event) {
  const auto user = read_id<domain::UserId>(event.user_id(), "user_id");
  if (!user) return pass_on(user);
  const auto total = pkg::money::from_proto(event.total(), "total");
  if (!total) return pass_on(total);
  const auto created_us = google::protobuf::util::TimeUtil::TimestampToMicroseconds(event.created_at());
  app::OrderFact::Contents contents{*user, {}, *total, pkg::clock::from_unix_us(created_us)};
  for (const auto& item : event.items()) {
    auto line = read_item(item);
    if (!line) return pass_on(line);
    contents.items.push_back(std::move(*line));
  }
  return contents;
}

/// An event that says no more than where the order stands now.
template <class P>
void on_status(pkg::messaging::Handlers& handlers, app::OrderHistory& orders, OrderStatus status) {
  handlers.on<P>([&orders, status](UnitOfWork& unit, const Message& message, const P& event) -> Result<> {
    const auto order = read_id<domain::OrderId>(event.order_id(), "order_id");
    if (!order) return pass_on(order);
    orders.learn(unit, app::OrderFact{*order, {}, status, message.aggregate_version});
    return {};
  });
}

}  // namespace

void handle_order_events(pkg::messaging::Handlers& handlers, app::OrderHistory& orders) {
  handlers.on<pb::OrderCreated>([&orders](UnitOfWork& unit, const Message& message, const pb::OrderCreated& event) -> Result<> {
    const auto order = read_id<domain::OrderId>(event.order_id(), "order_id");
    if (!order) return pass_on(order);
    auto contents = read_contents(event);
    if (!contents) return pass_on(contents);
    orders.learn(unit, app::OrderFact{*order, std::move(*contents), OrderStatus::pending, message.aggregate_version});
    return {};
  });
  on_status<pb::OrderApproved>(handlers, orders, OrderStatus::approved);
  on_status<pb::OrderRejected>(handlers, orders, OrderStatus::rejected);
  on_status<pb::OrderCanceled>(handlers, orders, OrderStatus::canceled);
  on_status<pb::OrderReadied>(handlers, orders, OrderStatus::ready);
  on_status<pb::OrderCompleted>(handlers, orders, OrderStatus::completed);
}

}  // namespace search::ports
