#include "cosec/internal/app/create_order_saga.hpp"

namespace cosec::app {

using domain::CreateOrder;
using pkg::saga::Failure;

pkg::saga::Definition create_order_saga(const Participants& to, pkg::saga::Codec<CreateOrder> codec, const Patiences& patiences) {
  const auto& patience = patiences.step;
  const auto& undo_patience = patiences.compensation;
  auto for_ever = patience;
  for_ever.tries = pkg::saga::Patience::for_ever;

  const auto take_list = [&to](CreateOrder order, std::string_view reply) -> std::optional<CreateOrder> {
    order.shopping_list = to.created_list(reply);
    return order.shopping_list ? std::optional(std::move(order)) : std::nullopt;
  };
  return pkg::saga::define<CreateOrder>(
      std::string(create_order_name), 1, 1, std::move(codec),
      {{.name = "order",
        .compensation = [&to](const CreateOrder& order, const Failure& why) { return to.reject_order(order, why); },
        .undo = pkg::saga::Undo::unless_canceled,
        .undo_patience = undo_patience},
       {.name = "authorize_user", .command = [&to](const CreateOrder& order) { return to.authorize_user(order); }, .patience = patience},
       {.name = "reserve_stock",
        .command = [&to](const CreateOrder& order) { return to.reserve_stock(order); },
        .compensation = [&to](const CreateOrder& order, const Failure&) { return to.release_stock(order); },
        .patience = patience,
        .undo_patience = undo_patience},
       {.name = "create_shopping_list",
        .command = [&to](const CreateOrder& order) { return to.create_shopping_list(order); },
        .compensation = [&to](const CreateOrder& order, const Failure&) { return to.cancel_shopping_list(order); },
        .on_reply = take_list,
        .patience = patience,
        .undo_patience = undo_patience},
       {.name = "confirm_payment",
        .command = [&to](const CreateOrder& order) { return to.confirm_payment(order); },
        .compensation = [&to](const CreateOrder& order, const Failure&) { return to.release_payment(order); },
        .patience = patience,
        .undo_patience = undo_patience},
       {.name = "initiate_shopping",
        .command = [&to](const CreateOrder& order) { return to.initiate_shopping(order); },
        .patience = patience},
       {.name = "approve_order", .command = [&to](const CreateOrder& order) { return to.approve_order(order); }, .patience = for_ever}});
}

}  // namespace cosec::app
