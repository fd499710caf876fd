#pragma once

#include "payments/internal/app/ports.hpp"
#include "pkg/postgres/recent_writes.hpp"

namespace payments::adapters::pg {

class PgInvoiceStore final : public app::InvoiceStore {
 public:
  pkg::errors::Result<domain::Invoice> load(pkg::uow::UnitOfWork& unit, const domain::InvoiceId& id) override;
  std::optional<domain::Invoice> remembered(pkg::uow::UnitOfWork& unit, const domain::InvoiceId& id) override;
  void save(pkg::uow::UnitOfWork& unit, const domain::Invoice& invoice) override;
  pkg::errors::Result<bool> exists_for(pkg::uow::UnitOfWork& unit, const domain::OrderId& order) override;
  pkg::errors::Result<pkg::paging::Slice<domain::Invoice>> list(pkg::uow::UnitOfWork& unit, const app::InvoiceFilter& filter,
                                                                const pkg::paging::Page& page) override;

 private:
  struct OfOrder {
    std::uint64_t version;
  };
  pkg::postgres::RecentWrites<domain::InvoiceId, domain::Invoice> recent_{1000};
  pkg::postgres::RecentWrites<domain::OrderId, OfOrder> orders_{1000};  ///< that have an invoice
};

}  // namespace payments::adapters::pg
