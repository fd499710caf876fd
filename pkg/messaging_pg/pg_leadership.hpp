#pragma once

#include <optional>
#include <string>

#include "pkg/ids/uuid.hpp"
#include "pkg/messaging/pump/leadership.hpp"
#include "pkg/postgres/pool.hpp"
#include "pkg/postgres/session_lock.hpp"
#include "pkg/postgres/transactor.hpp"

namespace pkg::messaging_pg {

/// Handlers hold this lock shared, with their transaction; who takes the lead holds it alone for a moment, and so waits for theirs.
constexpr std::int64_t handling_lock = 0x6d73677075'6d70;

/// By an advisory lock: whoever holds it may lead, and when its connection ends another may. Who leads stands in messaging_leader
/// as well, and PgInbox admits messages for that process only: so one that has been cut off and does not know it yet changes nothing.
class PgLeadership final : public messaging::Leadership {
 public:
  /// `process` names this one among all that ever were. The pool outlives it.
  PgLeadership(postgres::Pool& pool, const ids::Uuid& process);
  PgLeadership(const PgLeadership&) = delete;
  PgLeadership& operator=(const PgLeadership&) = delete;
  ~PgLeadership() override;

  messaging::Lead hold(std::chrono::milliseconds patience) override;
  bool await_others(std::chrono::milliseconds at_most) override;
  void interrupt() override;
  void release() override;

 private:
  std::optional<messaging::Lead> take_over();

  postgres::Pool& pool_;
  postgres::PgTransactor transactor_;
  const ids::Uuid process_;
  const int interrupted_;  ///< an eventfd
  std::optional<postgres::SessionLock> lock_;
};

}  // namespace pkg::messaging_pg
