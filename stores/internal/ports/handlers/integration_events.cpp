#include "stores/internal/ports/handlers/integration_events.hpp"

#include "ordering/orderingpb/messages.pb.h"
#include "pkg/rpc/read.hpp"

namespace stores::ports {

using domain::OrderId;
using mallbots::ordering::v1::OrderCanceled;
using mallbots::ordering::v1::OrderCompleted;
using pkg::errors::pass_on;
using pkg::errors::Result;
using pkg::messaging::Message;
using pkg::rpc::read_id;
using pkg::uow::UnitOfWork;

void handle_integration_events(pkg::messaging::Handlers& handlers, const app::Application& app) {
  handlers.on<OrderCompleted>([&app](UnitOfWork& unit, const Message&, const OrderCompleted& event) -> Result<> {
    const auto order = read_id<OrderId>(event.order_id(), "order_id");
    if (!order) return pass_on(order);
    return app.commit_stock(unit, {*order});
  });
  handlers.on<OrderCanceled>([&app](UnitOfWork& unit, const Message&, const OrderCanceled& event) -> Result<> {
    const auto order = read_id<OrderId>(event.order_id(), "order_id");
    if (!order) return pass_on(order);
    return app.release_stock(unit, {*order});
  });
}

}  // namespace stores::ports
