#include "baskets/internal/app/commands/add_item.hpp"

namespace baskets::app {

pkg::errors::Result<pkg::es::Loaded<domain::Basket>> AddItemHandler::operator()(pkg::uow::UnitOfWork& unit, const AddItem& command) const {
  auto offer = offers_.recall(command.product);
  // Nothing is refused on what is remembered alone.
  if (!offer || !offer->sold || !offer->participating) {
    auto offers = offers_.find(unit, std::span(&command.product, 1));
    if (!offers) return pkg::errors::pass_on(offers);
    offer = offers->empty() ? std::nullopt : std::optional(std::move(offers->front()));
  }
  return changes_.change(unit, command.basket, command.if_version, [&](const domain::Basket& basket) {
    return domain::add_item(basket, changes_.actor(command.by), offer, command.quantity);
  });
}

}  // namespace baskets::app
