#include "stores/internal/app/commands/restock_product.hpp"

namespace stores::app {

ChangedProduct RestockProductHandler::operator()(pkg::uow::UnitOfWork& unit, const RestockProduct& command) const {
  std::optional<domain::Stock> after;
  const auto decide = [&](const domain::Product& product, const domain::Store& store) -> pkg::errors::Result<domain::ProductDecision> {
    if (auto allowed = domain::may_change(product, store, command.by); !allowed)
      return domain::ProductDecision(std::unexpected(allowed.error()));
    const auto stock = stock_.look(unit, command.product);
    if (!stock) return pkg::errors::pass_on(stock);
    const auto restocked = domain::restock(stock->value_or(domain::Stock{}), command.quantity);
    if (!restocked) return std::unexpected(domain::to_error(restocked.error()));
    after = *restocked;
    return domain::ProductDecision(std::vector<domain::ProductEvent>{});
  };
  auto product = changes_.change(unit, command.product, command.if_version, decide);
  if (product && after) stock_.save(unit, command.product, *after);
  return product;
}

}  // namespace stores::app
