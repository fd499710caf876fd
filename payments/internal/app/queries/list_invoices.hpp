#pragma once

#include "payments/internal/app/ports.hpp"

namespace payments::app {

/// A shopper's own invoices, or everybody's for an operator, newest first.
struct ListInvoices {
  domain::Actor by;
  std::optional<domain::OrderId> order;  ///< only its
  pkg::paging::Page page;
};

class ListInvoicesHandler {
 public:
  explicit ListInvoicesHandler(InvoiceStore& store) : store_(store) {}
  pkg::errors::Result<pkg::paging::Slice<domain::Invoice>> operator()(pkg::uow::UnitOfWork& unit, const ListInvoices& query) const;

 private:
  InvoiceStore& store_;
};

}  // namespace payments::app
