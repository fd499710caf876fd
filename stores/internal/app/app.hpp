#pragma once
// What stores can do: its commands and queries, each in its own file. The handlers work in a unit of work that is passed to them
// (messages bring their own); Application opens one for calls that come from outside.

#include "pkg/uow/unit_of_work.hpp"
#include "stores/internal/app/commands/add_product.hpp"
#include "stores/internal/app/commands/commit_stock.hpp"
#include "stores/internal/app/commands/create_store.hpp"
#include "stores/internal/app/commands/decrease_price.hpp"
#include "stores/internal/app/commands/disable_participation.hpp"
#include "stores/internal/app/commands/enable_participation.hpp"
#include "stores/internal/app/commands/increase_price.hpp"
#include "stores/internal/app/commands/rebrand_product.hpp"
#include "stores/internal/app/commands/rebrand_store.hpp"
#include "stores/internal/app/commands/release_stock.hpp"
#include "stores/internal/app/commands/remove_product.hpp"
#include "stores/internal/app/commands/reserve_stock.hpp"
#include "stores/internal/app/commands/restock_product.hpp"
#include "stores/internal/app/ports.hpp"
#include "stores/internal/app/queries/get_product.hpp"
#include "stores/internal/app/queries/get_store.hpp"
#include "stores/internal/app/queries/list_products.hpp"
#include "stores/internal/app/queries/list_stores.hpp"

namespace stores::app {

/// Everything that the application needs; all of it outlives the application.
struct Needs {
  pkg::uow::Transactor& transactor;
  StoreStore& stores;
  ProductStore& products;
  Mall& mall;
  Catalog& catalog;
  StockRoom& stock;
  StoreNews& store_news;
  ProductNews& product_news;
};

class Application {
 public:
  explicit Application(const Needs& needs);
  Application(const Application&) = delete;  // the handlers refer to the changes_ here
  Application& operator=(const Application&) = delete;

  // For messages: in the unit of work of the message.
  /// Saves time where several of the following come in one unit, and has no other effect.
  pkg::errors::Result<> look_ahead_at_stock(pkg::uow::UnitOfWork& unit, std::span<const StockWanted> wanted) const {
    return stock_.look_ahead(unit, wanted);
  }
  pkg::errors::Result<> reserve_stock(pkg::uow::UnitOfWork& unit, const ReserveStock& command) const {
    return reserve_stock_(unit, command);
  }
  pkg::errors::Result<> commit_stock(pkg::uow::UnitOfWork& unit, const CommitStock& command) const { return commit_stock_(unit, command); }
  pkg::errors::Result<> release_stock(pkg::uow::UnitOfWork& unit, const ReleaseStock& command) const {
    return release_stock_(unit, command);
  }

  // For calls from outside: each in a unit of its own.
  ChangedStore create_store(const pkg::uow::Cause& cause, const CreateStore& command) const;
  ChangedStore rebrand_store(const pkg::uow::Cause& cause, const RebrandStore& command) const;
  ChangedStore enable_participation(const pkg::uow::Cause& cause, const EnableParticipation& command) const;
  ChangedStore disable_participation(const pkg::uow::Cause& cause, const DisableParticipation& command) const;
  ChangedProduct add_product(const pkg::uow::Cause& cause, const AddProduct& command) const;
  ChangedProduct rebrand_product(const pkg::uow::Cause& cause, const RebrandProduct& command) const;
  ChangedProduct increase_price(const pkg::uow::Cause& cause, const IncreasePrice& command) const;
  ChangedProduct decrease_price(const pkg::uow::Cause& cause, const DecreasePrice& command) const;
  ChangedProduct remove_product(const pkg::uow::Cause& cause, const RemoveProduct& command) const;
  ChangedProduct restock_product(const pkg::uow::Cause& cause, const RestockProduct& command) const;
  pkg::errors::Result<StoreView> get_store(const pkg::uow::Cause& cause, const GetStore& query) const;
  pkg::errors::Result<pkg::paging::Slice<StoreView>> list_stores(const pkg::uow::Cause& cause, const ListStores& query) const;
  pkg::errors::Result<ProductView> get_product(const pkg::uow::Cause& cause, const GetProduct& query) const;
  pkg::errors::Result<pkg::paging::Slice<ProductView>> list_products(const pkg::uow::Cause& cause, const ListProducts& query) const;

 private:
  pkg::uow::Transactor& transactor_;
  StockRoom& stock_;
  StoreChanges store_changes_;
  ProductChanges product_changes_;
  StockChanges stock_changes_;
  CreateStoreHandler create_store_;
  RebrandStoreHandler rebrand_store_;
  EnableParticipationHandler enable_participation_;
  DisableParticipationHandler disable_participation_;
  AddProductHandler add_product_;
  RebrandProductHandler rebrand_product_;
  IncreasePriceHandler increase_price_;
  DecreasePriceHandler decrease_price_;
  RemoveProductHandler remove_product_;
  RestockProductHandler restock_product_;
  ReserveStockHandler reserve_stock_;
  CommitStockHandler commit_stock_;
  ReleaseStockHandler release_stock_;
  GetStoreHandler get_store_;
  ListStoresHandler list_stores_;
  GetProductHandler get_product_;
  ListProductsHandler list_products_;
};

}  // namespace stores::app
