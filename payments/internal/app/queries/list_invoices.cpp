#include "payments/internal/app/queries/list_invoices.hpp"

namespace payments::app {

pkg::errors::Result<pkg::paging::Slice<domain::Invoice>> ListInvoicesHandler::operator()(pkg::uow::UnitOfWork& unit,
                                                                                         const ListInvoices& query) const {
  InvoiceFilter filter{{}, query.order};
  if (!query.by.is_operator) filter.user = query.by.user;
  return store_.list(unit, filter, query.page);
}

}  // namespace payments::app
