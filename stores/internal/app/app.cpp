#include "stores/internal/app/app.hpp"

namespace stores::app {

using pkg::uow::Cause;
using pkg::uow::UnitOfWork;

Application::Application(const Needs& needs)
    : transactor_(needs.transactor),
      stock_(needs.stock),
      store_changes_(needs.stores, needs.mall, needs.store_news),
      product_changes_(needs.products, needs.stores, needs.catalog, needs.product_news),
      stock_changes_(needs.stock),
      create_store_(store_changes_),
      rebrand_store_(store_changes_),
      enable_participation_(store_changes_),
      disable_participation_(store_changes_),
      add_product_(product_changes_, needs.stock),
      rebrand_product_(product_changes_),
      increase_price_(product_changes_),
      decrease_price_(product_changes_),
      remove_product_(product_changes_),
      restock_product_(product_changes_, needs.stock),
      reserve_stock_(stock_changes_),
      commit_stock_(stock_changes_),
      release_stock_(stock_changes_),
      get_store_(needs.mall),
      list_stores_(needs.mall),
      get_product_(needs.catalog),
      list_products_(needs.catalog, needs.mall) {}

ChangedStore Application::create_store(const Cause& cause, const CreateStore& command) const {
  return transactor_.run_for(cause, [&](UnitOfWork& unit) { return create_store_(unit, command); });
}

ChangedStore Application::rebrand_store(const Cause& cause, const RebrandStore& command) const {
  return transactor_.run_for(cause, [&](UnitOfWork& unit) { return rebrand_store_(unit, command); });
}

ChangedStore Application::enable_participation(const Cause& cause, const EnableParticipation& command) const {
  return transactor_.run_for(cause, [&](UnitOfWork& unit) { return enable_participation_(unit, command); });
}

ChangedStore Application::disable_participation(const Cause& cause, const DisableParticipation& command) const {
  return transactor_.run_for(cause, [&](UnitOfWork& unit) { return disable_participation_(unit, command); });
}

ChangedProduct Application::add_product(const Cause& cause, const AddProduct& command) const {
  return transactor_.run_for(cause, [&](UnitOfWork& unit) { return add_product_(unit, command); });
}

ChangedProduct Application::rebrand_product(const Cause& cause, const RebrandProduct& command) const {
  return transactor_.run_for(cause, [&](UnitOfWork& unit) { return rebrand_product_(unit, command); });
}

ChangedProduct Application::increase_price(const Cause& cause, const IncreasePrice& command) const {
  return transactor_.run_for(cause, [&](UnitOfWork& unit) { return increase_price_(unit, command); });
}

ChangedProduct Application::decrease_price(const Cause& cause, const DecreasePrice& command) const {
  return transactor_.run_for(cause, [&](UnitOfWork& unit) { return decrease_price_(unit, command); });
}

ChangedProduct Application::remove_product(const Cause& cause, const RemoveProduct& command) const {
  return transactor_.run_for(cause, [&](UnitOfWork& unit) { return remove_product_(unit, command); });
}

ChangedProduct Application::restock_product(const Cause& cause, const RestockProduct& command) const {
  return transactor_.run_for(cause, [&](UnitOfWork& unit) { return restock_product_(unit, command); });
}

pkg::errors::Result<StoreView> Application::get_store(const Cause& cause, const GetStore& query) const {
  return transactor_.run_for(cause, [&](UnitOfWork& unit) { return get_store_(unit, query); });
}

pkg::errors::Result<pkg::paging::Slice<StoreView>> Application::list_stores(const Cause& cause, const ListStores& query) const {
  return transactor_.run_for(cause, [&](UnitOfWork& unit) { return list_stores_(unit, query); });
}

pkg::errors::Result<ProductView> Application::get_product(const Cause& cause, const GetProduct& query) const {
  return transactor_.run_for(cause, [&](UnitOfWork& unit) { return get_product_(unit, query); });
}

pkg::errors::Result<pkg::paging::Slice<ProductView>> Application::list_products(const Cause& cause, const ListProducts& query) const {
  return transactor_.run_for(cause, [&](UnitOfWork& unit) { return list_products_(unit, query); });
}

}  // namespace stores::app
