#include "stores/internal/ports/handlers/commands.hpp"

#include "pkg/rpc/read.hpp"
#include "stores/storespb/messages.pb.h"

namespace stores::ports {

namespace pb = mallbots::stores::v1;
using domain::OrderId;
using domain::ProductId;
using pkg::errors::pass_on;
using pkg::errors::Result;
using pkg::messaging::Message;
using pkg::rpc::read_id;
using pkg::uow::UnitOfWork;

namespace {

Result<app::ReserveStock> read_command(const pb::ReserveStock& message) {
  const auto order = read_id<OrderId>(message.order_id(), "order_id");
  if (!order) return pass_on(order);
  app::ReserveStock command{*order, {}};
  for (const auto& item : message.items()) {
    const auto product = read_id<ProductId>(item.product_id(), "items.product_id");
    if (!product) return pass_on(product);
    command.items.push_back({*product, item.quantity()});
  }
  return command;
}

}  // namespace

void handle_commands(pkg::messaging::Handlers& handlers, const app::Application& app, const pkg::saga::Replies& replies) {
  pkg::saga::on_command<pb::ReserveStock>(handlers, replies,
                                          [&app](UnitOfWork& unit, const Message&, const pb::ReserveStock& message) -> Result<> {
                                            const auto command = read_command(message);
                                            if (!command) return pass_on(command);
                                            return app.reserve_stock(unit, *command);
                                          });
  pkg::saga::on_command<pb::ReleaseStock>(handlers, replies,
                                          [&app](UnitOfWork& unit, const Message&, const pb::ReleaseStock& message) -> Result<> {
                                            const auto order = read_id<OrderId>(message.order_id(), "order_id");
                                            if (!order) return pass_on(order);
                                            return app.release_stock(unit, {*order});
                                          });
}

}  // namespace stores::ports
