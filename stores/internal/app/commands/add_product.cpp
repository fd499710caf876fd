#include "stores/internal/app/commands/add_product.hpp"

namespace stores::app {

ChangedProduct AddProductHandler::operator()(pkg::uow::UnitOfWork& unit, const AddProduct& command) const {
  const auto added = changes_.change(
      unit, command.product, {},
      [&](const domain::Product& product, const domain::Store& store) {
        return domain::add_product(product, command.store, store, command.by, command.what);
      },
      command.store);
  if (added) stock_.open(unit, command.product, {command.what.stock, 0});
  return added;
}

}  // namespace stores::app
