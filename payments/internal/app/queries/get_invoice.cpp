#include "payments/internal/app/queries/get_invoice.hpp"

namespace payments::app {

pkg::errors::Result<domain::Invoice> GetInvoiceHandler::operator()(pkg::uow::UnitOfWork& unit, const GetInvoice& query) const {
  auto invoice = store_.load(unit, query.invoice);
  if (!invoice) return invoice;
  if (auto visible = domain::may_see(*invoice, query.by); !visible) return std::unexpected(domain::to_error(visible.error()));
  return invoice;
}

}  // namespace payments::app
