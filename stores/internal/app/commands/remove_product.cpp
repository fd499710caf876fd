#include "stores/internal/app/commands/remove_product.hpp"

namespace stores::app {

ChangedProduct RemoveProductHandler::operator()(pkg::uow::UnitOfWork& unit, const RemoveProduct& command) const {
  return changes_.change(unit, command.product, command.if_version, [&](const domain::Product& product, const domain::Store& store) {
    return domain::remove(product, store, command.by);
  });
}

}  // namespace stores::app
