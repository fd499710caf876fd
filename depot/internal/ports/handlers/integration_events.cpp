#include "depot/internal/ports/handlers/integration_events.hpp"

#include "ordering/orderingpb/messages.pb.h"
#include "pkg/rpc/read.hpp"
#include "stores/storespb/messages.pb.h"

namespace depot::ports {

using pkg::errors::pass_on;
using pkg::errors::Result;
using pkg::messaging::Message;
using pkg::rpc::read_id;
using pkg::uow::UnitOfWork;

void handle_integration_events(pkg::messaging::Handlers& handlers, const app::Application& app, pkg::ids::IdSource& ids) {
  handlers.on<mallbots::stores::v1::StoreCreated>(
      [&app](UnitOfWork& unit, const Message& message, const mallbots::stores::v1::StoreCreated& event) -> Result<> {
        const auto store = read_id<domain::StoreId>(event.store_id(), "store_id");
        if (!store) return pass_on(store);
        app.learn(unit, {*store, event.name(), event.location(), message.aggregate_version});
        return {};
      });
  handlers.on<mallbots::stores::v1::StoreRebranded>(
      [&app](UnitOfWork& unit, const Message& message, const mallbots::stores::v1::StoreRebranded& event) -> Result<> {
        const auto store = read_id<domain::StoreId>(event.store_id(), "store_id");
        if (!store) return pass_on(store);
        app.learn(unit, {*store, event.name(), {}, message.aggregate_version});
        return {};
      });
  handlers.on<mallbots::ordering::v1::OrderCanceled>(
      [&app, &ids](UnitOfWork& unit, const Message&, const mallbots::ordering::v1::OrderCanceled& event) -> Result<> {
        const auto order = read_id<domain::OrderId>(event.order_id(), "order_id");
        if (!order) return pass_on(order);
        if (const auto canceled = app.cancel_order(unit, {*order, domain::ShoppingListId::make(ids)}); !canceled) return pass_on(canceled);
        return {};
      });
}

}  // namespace depot::ports
