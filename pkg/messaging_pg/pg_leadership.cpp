#include "pkg/messaging_pg/pg_leadership.hpp"

#include <utility>

namespace pkg::messaging_pg {

bool PgLeadership::hold() {
  if (lock_ && lock_->held()) return true;
  lock_.reset();
  auto acquired = postgres::SessionLock::try_acquire(settings_, name_);
  if (acquired && *acquired) lock_.emplace(std::move(**acquired));
  return lock_.has_value();
}

}  // namespace pkg::messaging_pg
