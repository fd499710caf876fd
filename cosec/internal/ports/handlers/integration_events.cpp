#include "cosec/internal/ports/handlers/integration_events.hpp"

#include "ordering/orderingpb/messages.pb.h"
#include "pkg/money/moneypb/convert.hpp"
#include "pkg/rpc/read.hpp"
#include "pkg/saga/headers.hpp"

namespace cosec::ports {
namespace {

namespace pb = mallbots::ordering::v1;
using domain::CreateOrder;
using pkg::errors::pass_on;
using pkg::errors::Result;
using pkg::messaging::Message;
using pkg::rpc::read_id;
using pkg::uow::UnitOfWork;

Result<CreateOrder> read_order(const pb::OrderCreated& event) {
  const auto order = read_id<domain::OrderId>(event.order_id(), "order_id");
  if (!order) return pass_on(order);
  const auto user = read_id<domain::UserId>(event.user_id(), "user_id");
  if (!user) return pass_on(user);
  const auto payment = read_id<domain::PaymentId>(event.payment_id(), "payment_id");
  if (!payment) return pass_on(payment);
  const auto total = pkg::money::from_proto(event.total(), "total");
  if (!total) return pass_on(total);
  CreateOrder data{*order, *user, *payment, {}, *total, {}};
  for (const auto& item : event.items()) {
    const auto product = read_id<domain::ProductId>(item.product_id(), "items.product_id");
    if (!product) return pass_on(product);
    const auto store = read_id<domain::StoreId>(item.store_id(), "items.store_id");
    if (!store) return pass_on(store);
    data.items.push_back({*product, *store, item.product_name(), item.store_name(), item.quantity()});
  }
  return data;
}

Result<> done(const Result<pkg::saga::Outcome>& outcome) {
  if (!outcome) return pass_on(outcome);
  return {};
}

}  // namespace

void handle_integration_events(pkg::messaging::Handlers& handlers, pkg::saga::Coordinator& sagas,
                               const pkg::saga::Codec<CreateOrder>& codec) {
  handlers.on<pb::OrderCreated>(
      [&sagas, encode = codec.encode](UnitOfWork& unit, const Message&, const pb::OrderCreated& event) -> Result<> {
        const auto data = read_order(event);
        if (!data) return pass_on(data);
        return done(sagas.start(unit, data->order.to_string(), encode(*data)));
      });
  handlers.on<pb::OrderCanceled>([&sagas](UnitOfWork& unit, const Message&, const pb::OrderCanceled& event) -> Result<> {
    const auto order = read_id<domain::OrderId>(event.order_id(), "order_id");
    if (!order) return pass_on(order);
    return done(sagas.cancel(unit, order->to_string()));
  });
  handlers.on(std::string(pkg::saga::reply_type),
              [&sagas](UnitOfWork& unit, const Message& message) -> Result<> { return done(sagas.on_reply(unit, message)); });
}

}  // namespace cosec::ports
