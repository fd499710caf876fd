#include "baskets/internal/app/app.hpp"

namespace baskets::app {

using pkg::uow::Cause;
using pkg::uow::UnitOfWork;

Application::Application(const Needs& needs)
    : needs_(needs),
      changes_(needs.baskets, needs.open_baskets, needs.news, needs.clock),
      start_basket_(changes_),
      add_item_(changes_, needs.offers),
      remove_item_(changes_),
      reprice_basket_(changes_, needs.offers),
      check_out_basket_(changes_, needs.offers),
      cancel_basket_(changes_),
      expire_basket_(changes_, needs_.open_baskets),
      get_basket_(needs.baskets) {}

Changed Application::start_basket(const Cause& cause, const StartBasket& command) {
  return needs_.transactor.run_for(cause, [&](UnitOfWork& unit) { return start_basket_(unit, command); });
}

Changed Application::add_item(const Cause& cause, const AddItem& command) {
  const auto add = [&](UnitOfWork& unit) { return add_item_(unit, command); };
  auto added = needs_.transactor.run_for(cause, add);
  if (added || added.error() != domain::to_error(domain::unknown_product())) return added;
  const auto learned = learn_of(cause, command.product);
  if (!learned) return pkg::errors::pass_on(learned);
  return *learned ? needs_.transactor.run_for(cause, add) : added;
}

Changed Application::remove_item(const Cause& cause, const RemoveItem& command) {
  return needs_.transactor.run_for(cause, [&](UnitOfWork& unit) { return remove_item_(unit, command); });
}

Changed Application::reprice_basket(const Cause& cause, const RepriceBasket& command) {
  return needs_.transactor.run_for(cause, [&](UnitOfWork& unit) { return reprice_basket_(unit, command); });
}

Changed Application::check_out_basket(const Cause& cause, const CheckOutBasket& command) {
  return needs_.transactor.run_for(cause, [&](UnitOfWork& unit) { return check_out_basket_(unit, command); });
}

Changed Application::cancel_basket(const Cause& cause, const CancelBasket& command) {
  return needs_.transactor.run_for(cause, [&](UnitOfWork& unit) { return cancel_basket_(unit, command); });
}

Changed Application::get_basket(const Cause& cause, const GetBasket& query) {
  return needs_.transactor.run_for(cause, [&](UnitOfWork& unit) { return get_basket_(unit, query); });
}

pkg::errors::Result<int> Application::expire_baskets(const Cause& cause, pkg::clock::Duration lifetime, int limit) {
  const auto untouched = needs_.transactor.run_for(
      cause, [&](UnitOfWork& unit) { return needs_.open_baskets.perhaps_untouched_since(unit, needs_.clock.now() - lifetime, limit); });
  if (!untouched) return pkg::errors::pass_on(untouched);
  for (const auto& basket : *untouched) {
    const auto expired = needs_.transactor.run_for(cause, [&](UnitOfWork& unit) { return expire_basket_(unit, {basket, lifetime}); });
    if (!expired) return pkg::errors::pass_on(expired);
  }
  return static_cast<int>(untouched->size());
}

pkg::errors::Result<bool> Application::learn_of(const Cause& cause, const domain::ProductId& product) {
  const auto entry = needs_.catalog.look_up(cause, product);
  if (!entry) return pkg::errors::pass_on(entry);
  if (!*entry) return false;
  const auto learned = needs_.transactor.run(cause, [&](UnitOfWork& unit) -> pkg::errors::Result<> {
    needs_.offers.learn(unit, (*entry)->store);
    needs_.offers.learn(unit, (*entry)->product);
    return {};
  });
  if (!learned) return pkg::errors::pass_on(learned);
  return true;
}

}  // namespace baskets::app
