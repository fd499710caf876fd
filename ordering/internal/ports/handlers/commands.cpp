#include "ordering/internal/ports/handlers/commands.hpp"

#include "ordering/orderingpb/messages.pb.h"
#include "pkg/rpc/read.hpp"

namespace ordering::ports {

namespace pb = mallbots::ordering::v1;
using domain::OrderId;
using domain::ShoppingListId;
using pkg::errors::pass_on;
using pkg::errors::Result;
using pkg::messaging::Message;
using pkg::rpc::read_id;
using pkg::uow::UnitOfWork;

void handle_commands(pkg::messaging::Handlers& handlers, const app::Application& app, const pkg::saga::Replies& replies) {
  pkg::saga::on_command<pb::ApproveOrder>(handlers, replies,
                                          [&app](UnitOfWork& unit, const Message&, const pb::ApproveOrder& command) -> Result<> {
                                            const auto order = read_id<OrderId>(command.order_id(), "order_id");
                                            if (!order) return pass_on(order);
                                            const auto list = read_id<ShoppingListId>(command.shopping_list_id(), "shopping_list_id");
                                            if (!list) return pass_on(list);
                                            if (const auto approved = app.approve_order(unit, {*order, *list}); !approved)
                                              return pass_on(approved);
                                            return {};
                                          });
  pkg::saga::on_command<pb::RejectOrder>(
      handlers, replies, [&app](UnitOfWork& unit, const Message&, const pb::RejectOrder& command) -> Result<> {
        const auto order = read_id<OrderId>(command.order_id(), "order_id");
        if (!order) return pass_on(order);
        if (const auto rejected = app.reject_order(unit, {*order, command.code(), command.reason()}); !rejected) return pass_on(rejected);
        return {};
      });
}

}  // namespace ordering::ports
