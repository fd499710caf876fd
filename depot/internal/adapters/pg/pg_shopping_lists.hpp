#pragma once

#include "depot/internal/app/ports.hpp"
#include "pkg/postgres/recent_writes.hpp"

namespace depot::adapters::pg {

class PgShoppingLists final : public app::ShoppingListStore {
 public:
  pkg::errors::Result<domain::ShoppingList> load(pkg::uow::UnitOfWork& unit, const domain::ShoppingListId& id) override;
  pkg::errors::Result<domain::ShoppingList> load_of(pkg::uow::UnitOfWork& unit, const domain::OrderId& order) override;
  std::optional<domain::ShoppingList> remembered_of(pkg::uow::UnitOfWork& unit, const domain::OrderId& order) override;
  std::optional<domain::ShoppingList> assumed_of(pkg::uow::UnitOfWork& unit, const domain::OrderId& order) override;
  void save(pkg::uow::UnitOfWork& unit, const domain::ShoppingList& list) override;
  pkg::errors::Result<pkg::paging::Slice<domain::ShoppingList>> list(pkg::uow::UnitOfWork& unit, const app::ListFilter& filter,
                                                                     const pkg::paging::Page& page) override;
  pkg::errors::Result<std::vector<domain::ShoppingList>> take_available(pkg::uow::UnitOfWork& unit, int limit) override;
  pkg::errors::Result<std::vector<domain::ShoppingList>> take_due(pkg::uow::UnitOfWork& unit, pkg::clock::TimePoint now,
                                                                  int limit) override;
  pkg::errors::Result<std::optional<pkg::clock::TimePoint>> next_due(pkg::uow::UnitOfWork& unit) override;

 private:
  pkg::postgres::RecentWrites<domain::OrderId, domain::ShoppingList> recent_{1000};
};

}  // namespace depot::adapters::pg
