#include "stores/internal/app/commands/increase_price.hpp"

namespace stores::app {

ChangedProduct IncreasePriceHandler::operator()(pkg::uow::UnitOfWork& unit, const IncreasePrice& command) const {
  return changes_.change(unit, command.product, command.if_version, [&](const domain::Product& product, const domain::Store& store) {
    return domain::increase_price(product, store, command.by, command.price);
  });
}

}  // namespace stores::app
