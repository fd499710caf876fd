#pragma once

#include <memory>
#include <mutex>
#include <unordered_map>

#include "pkg/postgres/transaction.hpp"
#include "stores/internal/app/ports.hpp"

namespace stores::adapters::pg {

/// Units that look here queue up at one advisory lock of the database, which the server gives back at their end. So what a unit has seen of
/// the stock stays as it is but for what it saves itself. Outlives the units. Safe from any thread.
class PgStockRoom final : public app::StockRoom {
 public:
  void open(pkg::uow::UnitOfWork& unit, const domain::ProductId& product, const domain::Stock& stock) override;
  pkg::errors::Result<app::StockFacts> look(pkg::uow::UnitOfWork& unit, const domain::OrderId& order,
                                            std::span<const domain::ProductId> products) override;
  pkg::errors::Result<> look_ahead(pkg::uow::UnitOfWork& unit, std::span<const app::StockWanted> wanted) override;
  pkg::errors::Result<std::optional<domain::Stock>> look(pkg::uow::UnitOfWork& unit, const domain::ProductId& product) override;
  void save(pkg::uow::UnitOfWork& unit, const domain::OrderId& order, const domain::StockChange& change) override;
  void save(pkg::uow::UnitOfWork& unit, const domain::ProductId& product, const domain::Stock& stock) override;

 private:
  class Seen;
  /// What the unit has looked ahead for; null where it has not.
  std::shared_ptr<Seen> seen_in(pkg::postgres::Transaction& tx);  // shared as said at seen_
  void forget_in(pkg::postgres::Transaction& tx);

  std::mutex mutex_;
  std::unordered_map<pkg::postgres::Transaction*, std::shared_ptr<Seen>> seen_;  // shared with the unit's hooks
};

}  // namespace stores::adapters::pg
