#pragma once

#include "stores/internal/app/ports.hpp"

namespace stores::adapters::pg {

/// Units that look here queue up at one advisory lock of the database, which the server gives back at their end.
class PgStockRoom final : public app::StockRoom {
 public:
  void open(pkg::uow::UnitOfWork& unit, const domain::ProductId& product, const domain::Stock& stock) override;
  pkg::errors::Result<app::StockFacts> look(pkg::uow::UnitOfWork& unit, const domain::OrderId& order,
                                            std::span<const domain::ProductId> products) override;
  pkg::errors::Result<std::optional<domain::Stock>> look(pkg::uow::UnitOfWork& unit, const domain::ProductId& product) override;
  void save(pkg::uow::UnitOfWork& unit, const domain::OrderId& order, const domain::StockChange& change) override;
  void save(pkg::uow::UnitOfWork& unit, const domain::ProductId& product, const domain::Stock& stock) override;
};

}  // namespace stores::adapters::pg
