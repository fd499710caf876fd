#pragma once

#include "ordering/internal/app/ports.hpp"

namespace ordering::adapters::pg {

class PgOrderBook final : public app::OrderBook {
 public:
  void note(pkg::uow::UnitOfWork& unit, const domain::OrderId& id, const pkg::es::Loaded<domain::Order>& after,
            std::span<const domain::OrderEvent> events) override;
  void note_invoice(pkg::uow::UnitOfWork& unit, const domain::OrderId& id, const domain::InvoiceId& invoice) override;
  pkg::errors::Result<std::optional<app::OrderView>> find(pkg::uow::UnitOfWork& unit, const domain::OrderId& id) override;
  pkg::errors::Result<pkg::paging::Slice<app::OrderView>> of_user(pkg::uow::UnitOfWork& unit, const domain::UserId& user,
                                                                  const pkg::paging::Page& page) override;
};

}  // namespace ordering::adapters::pg
