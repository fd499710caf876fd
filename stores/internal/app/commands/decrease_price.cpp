#include "stores/internal/app/commands/decrease_price.hpp"

namespace stores::app {

ChangedProduct DecreasePriceHandler::operator()(pkg::uow::UnitOfWork& unit, const DecreasePrice& command) const {
  return changes_.change(unit, command.product, command.if_version, [&](const domain::Product& product, const domain::Store& store) {
    return domain::decrease_price(product, store, command.by, command.price);
  });
}

}  // namespace stores::app
