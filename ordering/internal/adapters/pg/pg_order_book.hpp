#pragma once

#include <string>
#include <vector>

#include "ordering/internal/app/ports.hpp"
#include "pkg/postgres/gathered.hpp"

namespace ordering::adapters::pg {

class PgOrderBook final : public app::OrderBook {
 public:
  void note(pkg::uow::UnitOfWork& unit, const domain::OrderId& id, const pkg::es::Loaded<domain::Order>& after,
            std::span<const domain::OrderEvent> events) override;
  void note_invoice(pkg::uow::UnitOfWork& unit, const domain::OrderId& id, const domain::InvoiceId& invoice) override;
  pkg::errors::Result<std::optional<app::OrderView>> find(pkg::uow::UnitOfWork& unit, const domain::OrderId& id) override;
  pkg::errors::Result<pkg::paging::Slice<app::OrderView>> of_user(pkg::uow::UnitOfWork& unit, const domain::UserId& user,
                                                                  const pkg::paging::Page& page) override;

 private:
  /// One step of an order's history.
  struct Step {
    domain::OrderId order;
    pkg::es::Version version;
    domain::OrderStatus status;
    pkg::clock::TimePoint at;
    std::string detail;
  };
  struct Note;
  static void insert_steps(pkg::postgres::Transaction& transaction, const std::vector<Step>& steps);

  pkg::postgres::Gathered<Step> steps_{&insert_steps};
};

}  // namespace ordering::adapters::pg
