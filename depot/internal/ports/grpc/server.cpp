#include "depot/internal/ports/grpc/server.hpp"

#include <google/protobuf/util/time_util.h>

#include "depot/depotpb/api.pb.h"
#include "pkg/paging/paging.hpp"
#include "pkg/rpc/read.hpp"

namespace depot::ports {
namespace {

namespace pb = mallbots::depot::v1;
using domain::BotId;
using domain::BotStatus;
using domain::ShoppingListId;
using domain::ShoppingListStatus;
using pkg::errors::pass_on;
using pkg::errors::Result;
using pkg::rpc::Call;
using pkg::rpc::read_id;

pb::ShoppingList::Status to_proto(ShoppingListStatus status) {
  switch (status) {
    case ShoppingListStatus::none: return pb::ShoppingList::STATUS_UNSPECIFIED;
    case ShoppingListStatus::pending: return pb::ShoppingList::PENDING;
    case ShoppingListStatus::available: return pb::ShoppingList::AVAILABLE;
    case ShoppingListStatus::assigned: return pb::ShoppingList::ASSIGNED;
    case ShoppingListStatus::completed: return pb::ShoppingList::COMPLETED;
    case ShoppingListStatus::canceled: return pb::ShoppingList::CANCELED;
  }
  std::unreachable();
}

pb::Bot::Status to_proto(BotStatus status) {
  switch (status) {
    case BotStatus::none: return pb::Bot::STATUS_UNSPECIFIED;
    case BotStatus::idle: return pb::Bot::IDLE;
    case BotStatus::active: return pb::Bot::ACTIVE;
  }
  std::unreachable();
}

pb::ShoppingList to_proto(const domain::ShoppingList& list) {
  pb::ShoppingList message;
  message.set_id(list.id.to_string());
  message.set_order_id(list.order.to_string());
  message.set_status(to_proto(list.status));
  for (const auto& stop : list.stops) {
    auto& place = *message.add_stops();
    place.set_store_id(stop.store.to_string());
    place.set_store_name(stop.store_name);
    place.set_store_location(stop.store_location);
    for (const auto& line : stop.items) {
      auto& item = *place.add_items();
      item.set_product_id(line.product.to_string());
      item.set_product_name(line.product_name);
      item.set_quantity(line.quantity);
    }
  }
  if (list.bot) message.set_bot_id(list.bot->to_string());
  *message.mutable_created_at() = google::protobuf::util::TimeUtil::MicrosecondsToTimestamp(pkg::clock::unix_us(list.created_at));
  message.set_version(list.version);
  return message;
}

pb::Bot to_proto(const domain::Bot& bot) {
  pb::Bot message;
  message.set_id(bot.id.to_string());
  message.set_name(bot.name);
  message.set_status(to_proto(bot.status));
  if (bot.list) message.set_shopping_list_id(bot.list->to_string());
  return message;
}

/// Nothing where the request names none.
Result<std::optional<ShoppingListStatus>> read_status(pb::ShoppingList::Status wanted) {
  if (wanted == pb::ShoppingList::STATUS_UNSPECIFIED) return std::optional<ShoppingListStatus>{};
  for (const auto status : {ShoppingListStatus::pending, ShoppingListStatus::available, ShoppingListStatus::assigned,
                            ShoppingListStatus::completed, ShoppingListStatus::canceled}) {
    if (to_proto(status) == wanted) return std::optional(status);
  }
  return pkg::errors::fail(pkg::errors::ErrorKind::malformed, "unknown_status", "There is no such status of a shopping list.", "status");
}

class Calls {
 public:
  Calls(const app::Application& app, pkg::ids::IdSource& ids) : app_(app), ids_(ids) {}

  Result<pb::ListShoppingListsResponse> list(const Call& call, const pb::ListShoppingListsRequest& request) const {
    app::ListShoppingLists query;
    if (!request.order_id().empty()) {
      const auto order = read_id<domain::OrderId>(request.order_id(), "orderId");
      if (!order) return pass_on(order);
      query.filter.order = *order;
    }
    const auto status = read_status(request.status());
    if (!status) return pass_on(status);
    query.filter.status = *status;
    const auto page = pkg::paging::read_page(request.page_size(), request.page_token(), app::ShoppingListStore::cursor_parts);
    if (!page) return pass_on(page);
    query.page = *page;
    const auto lists = app_.list_shopping_lists(call.cause, query);
    if (!lists) return pass_on(lists);
    pb::ListShoppingListsResponse response;
    for (const auto& found : lists->items) *response.add_shopping_lists() = to_proto(found);
    response.set_next_page_token(pkg::paging::write_token(lists->next));
    return response;
  }

  Result<pb::ShoppingList> get(const Call& call, const pb::GetShoppingListRequest& request) const {
    const auto id = read_id<ShoppingListId>(request.id(), "id");
    if (!id) return pass_on(id);
    return answer(app_.get_shopping_list(call.cause, {*id}));
  }

  Result<pb::ShoppingList> assign(const Call& call, const pb::AssignShoppingListRequest& request) const {
    const auto id = read_id<ShoppingListId>(request.id(), "id");
    if (!id) return pass_on(id);
    const auto bot = read_id<BotId>(request.bot_id(), "botId");
    if (!bot) return pass_on(bot);
    return answer(app_.assign_shopping_list(call.cause, {*id, *bot, call.if_match}));
  }

  Result<pb::ShoppingList> complete(const Call& call, const pb::CompleteShoppingListRequest& request) const {
    const auto id = read_id<ShoppingListId>(request.id(), "id");
    if (!id) return pass_on(id);
    return answer(app_.complete_shopping_list(call.cause, {*id, call.if_match}));
  }

  Result<pb::ShoppingList> cancel(const Call& call, const pb::CancelShoppingListRequest& request) const {
    const auto id = read_id<ShoppingListId>(request.id(), "id");
    if (!id) return pass_on(id);
    return answer(app_.cancel_shopping_list(call.cause, {*id, call.if_match}));
  }

  Result<pb::RegisterBotResponse> register_bot(const Call& call, const pb::RegisterBotRequest& request) const {
    const auto bot = BotId::make(ids_);
    if (const auto registered = app_.register_bot(call.cause, {bot, request.name()}); !registered) return pass_on(registered);
    pb::RegisterBotResponse response;
    response.set_id(bot.to_string());
    return response;
  }

  Result<pb::ListBotsResponse> list_bots(const Call& call, const pb::ListBotsRequest& request) const {
    const auto page = pkg::paging::read_page(request.page_size(), request.page_token(), app::BotStore::cursor_parts);
    if (!page) return pass_on(page);
    const auto bots = app_.list_bots(call.cause, {*page});
    if (!bots) return pass_on(bots);
    pb::ListBotsResponse response;
    for (const auto& bot : bots->items) *response.add_bots() = to_proto(bot);
    response.set_next_page_token(pkg::paging::write_token(bots->next));
    return response;
  }

 private:
  static Result<pb::ShoppingList> answer(const app::Changed& list) {
    if (!list) return pass_on(list);
    return to_proto(*list);
  }

  const app::Application& app_;
  pkg::ids::IdSource& ids_;
};

}  // namespace

pkg::rpc::Service depot_service(const app::Application& app, pkg::ids::IdSource& ids) {
  const Calls calls(app, ids);
  return pkg::rpc::Service("mallbots.depot.v1.DepotService")
      .unary("ListShoppingLists", calls, &Calls::list)
      .unary("GetShoppingList", calls, &Calls::get)
      .unary("AssignShoppingList", calls, &Calls::assign)
      .unary("CompleteShoppingList", calls, &Calls::complete)
      .unary("CancelShoppingList", calls, &Calls::cancel)
      .unary("RegisterBot", calls, &Calls::register_bot)
      .unary("ListBots", calls, &Calls::list_bots);
}

}  // namespace depot::ports
