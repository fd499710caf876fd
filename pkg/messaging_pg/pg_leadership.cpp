#include "pkg/messaging_pg/pg_leadership.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

#include "pkg/faults/crash_point.hpp"

namespace pkg::messaging_pg {

using messaging::Lead;

namespace {

int make_eventfd() {
  const int made = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
  if (made < 0) throw std::system_error(errno, std::system_category(), "eventfd");
  return made;
}

}  // namespace

PgLeadership::PgLeadership(postgres::Pool& pool, const ids::Uuid& process)
    : pool_(pool), transactor_(pool), process_(process), interrupted_(make_eventfd()) {}

PgLeadership::~PgLeadership() { close(interrupted_); }

Lead PgLeadership::hold(std::chrono::milliseconds patience) {
  if (lock_ && lock_->held()) return Lead::kept;
  lock_.reset();
  auto acquired = postgres::SessionLock::try_acquire(pool_.options().connection, "messaging", patience);
  if (!acquired) return Lead::unknown;
  if (!*acquired) return Lead::elsewhere;
  const auto lead = take_over();
  if (!lead) return Lead::unknown;
  lock_.emplace(std::move(**acquired));
  return *lead;
}

std::optional<Lead> PgLeadership::take_over() {
  const faults::Scope scope("task", "taking the lead");
  Lead lead = Lead::unknown;
  const auto done = transactor_.run({}, [&](uow::UnitOfWork& unit) -> errors::Result<> {
    auto& transaction = postgres::transaction_of(unit);
    transaction.execute("select pg_advisory_xact_lock($1)", {handling_lock});
    const auto before = transaction.query(
        "update messaging_leader n set process = $1 from messaging_leader o where o.only_row = n.only_row returning o.process", {process_});
    if (!before) return errors::pass_on(before);
    lead = (*before)[0].uuid(0) == process_ ? Lead::kept : Lead::taken;
    return {};
  });
  return done ? std::optional(lead) : std::nullopt;
}

bool PgLeadership::await_others(std::chrono::milliseconds at_most) { return lock_ && lock_->await_others(at_most, interrupted_); }

void PgLeadership::interrupt() { eventfd_write(interrupted_, 1); }

void PgLeadership::release() { lock_.reset(); }

}  // namespace pkg::messaging_pg
