#pragma once

#include "ordering/internal/adapters/pg/order_codec.hpp"
#include "ordering/internal/app/ports.hpp"

namespace ordering::adapters::pg {

/// An order's items and history are those of its events, which are in the same database.
class PgOrderBook final : public app::OrderBook {
 public:
  void note(pkg::uow::UnitOfWork& unit, const domain::OrderId& id, const pkg::es::Loaded<domain::Order>& after,
            std::span<const domain::OrderEvent> events) override;
  void note_invoice(pkg::uow::UnitOfWork& unit, const domain::OrderId& id, const domain::InvoiceId& invoice) override;
  pkg::errors::Result<std::optional<app::OrderView>> find(pkg::uow::UnitOfWork& unit, const domain::OrderId& id) override;
  pkg::errors::Result<pkg::paging::Slice<app::OrderView>> of_user(pkg::uow::UnitOfWork& unit, const domain::UserId& user,
                                                                  const pkg::paging::Page& page) override;

 private:
  const pkg::es_pg::EventCodec<domain::Order> codec_ = order_codec();
};

}  // namespace ordering::adapters::pg
