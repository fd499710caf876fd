#include "stores/internal/app/commands/rebrand_product.hpp"

namespace stores::app {

ChangedProduct RebrandProductHandler::operator()(pkg::uow::UnitOfWork& unit, const RebrandProduct& command) const {
  return changes_.change(unit, command.product, command.if_version, [&](const domain::Product& product, const domain::Store& store) {
    return domain::rebrand(product, store, command.by, command.name, command.description);
  });
}

}  // namespace stores::app
