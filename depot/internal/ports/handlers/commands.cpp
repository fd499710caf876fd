#include "depot/internal/ports/handlers/commands.hpp"

#include "depot/depotpb/messages.pb.h"
#include "pkg/rpc/read.hpp"

namespace depot::ports {
namespace {

namespace pb = mallbots::depot::v1;
using domain::OrderId;
using domain::ShoppingListId;
using pkg::errors::pass_on;
using pkg::errors::Result;
using pkg::messaging::Message;
using pkg::rpc::read_id;
using pkg::uow::UnitOfWork;

Result<app::CreateShoppingList> read_list(const pb::CreateShoppingList& command, const ShoppingListId& id) {
  const auto order = read_id<OrderId>(command.order_id(), "order_id");
  if (!order) return pass_on(order);
  app::CreateShoppingList list{id, *order, {}};
  for (const auto& item : command.items()) {
    const auto store = read_id<domain::StoreId>(item.store_id(), "items.store_id");
    if (!store) return pass_on(store);
    const auto product = read_id<domain::ProductId>(item.product_id(), "items.product_id");
    if (!product) return pass_on(product);
    list.items.push_back({*store, item.store_name(), *product, item.product_name(), item.quantity()});
  }
  return list;
}

}  // namespace

void handle_commands(pkg::messaging::Handlers& handlers, const app::Application& app, const pkg::saga::Replies& replies,
                     pkg::ids::IdSource& ids) {
  pkg::saga::on_command<pb::CreateShoppingList>(
      handlers, replies,
      [&app, &ids](UnitOfWork& unit, const Message&, const pb::CreateShoppingList& command) -> Result<pb::CreateShoppingListReply> {
        const auto list = read_list(command, ShoppingListId::make(ids));
        if (!list) return pass_on(list);
        const auto created = app.create_shopping_list(unit, *list);
        if (!created) return pass_on(created);
        pb::CreateShoppingListReply reply;
        reply.set_shopping_list_id(created->id.to_string());
        return reply;
      });
  pkg::saga::on_command<pb::CancelShoppingList>(
      handlers, replies, [&app, &ids](UnitOfWork& unit, const Message&, const pb::CancelShoppingList& command) -> Result<> {
        const auto order = read_id<OrderId>(command.order_id(), "order_id");
        if (!order) return pass_on(order);
        if (const auto canceled = app.cancel_order(unit, {*order, ShoppingListId::make(ids)}); !canceled) return pass_on(canceled);
        return {};
      });
  pkg::saga::on_command<pb::InitiateShopping>(handlers, replies,
                                              [&app](UnitOfWork& unit, const Message&, const pb::InitiateShopping& command) -> Result<> {
                                                const auto order = read_id<OrderId>(command.order_id(), "order_id");
                                                if (!order) return pass_on(order);
                                                if (const auto initiated = app.initiate_shopping(unit, {*order}); !initiated)
                                                  return pass_on(initiated);
                                                return {};
                                              });
}

}  // namespace depot::ports
