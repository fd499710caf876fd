#include "payments/internal/app/changes.hpp"

#include "payments/internal/app/gateway_keys.hpp"

namespace payments::app {

using domain::PaymentStatus;

pkg::errors::Result<> check_version(std::uint64_t present, std::optional<std::uint64_t> expected) {
  if (!expected || *expected == present) return {};
  return pkg::errors::fail(
      pkg::errors::ErrorKind::stale, "stale_version",
      "You saw version " + std::to_string(*expected) + ", it is at version " + std::to_string(present) + " now; look again.");
}

domain::Payment PaymentChanges::record(pkg::uow::UnitOfWork& unit, const domain::Payment& before, domain::PaymentChange change) const {
  if (change.state == before) return before;
  // The save comes first: it makes the later of two writers of one payment wait, so that news leave in the order of versions.
  store_.save(unit, change.state);
  ++change.state.version;
  if (change.state.status == PaymentStatus::released) {
    tasks_.add(unit, {.key = release_key(change.state.id), .payment = change.state.id, .due_at = clock_.now()});
  }
  news_.tell(unit, change.state, change.events);
  return std::move(change.state);
}

domain::Invoice InvoiceChanges::record(pkg::uow::UnitOfWork& unit, const domain::Invoice& before, domain::InvoiceChange change) const {
  if (change.state == before) return before;
  store_.save(unit, change.state);
  ++change.state.version;
  news_.tell(unit, change.state, change.events);
  return std::move(change.state);
}

}  // namespace payments::app
