#pragma once
// A transaction that writes in one round trip. Statements are queued and travel together, with BEGIN in front and COMMIT behind
// (libpq pipeline mode); a query sends what is queued along with it, so it sees the unit's own writes.

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pkg/errors/error.hpp"
#include "pkg/postgres/rows.hpp"
#include "pkg/postgres/params.hpp"

namespace pkg::postgres {

/// What to do with the result of a queued statement; an error undoes the whole transaction.
using Check = std::function<errors::Result<>(const Rows&)>;

class Transaction {
 public:
  virtual ~Transaction() = default;

  /// Queues a statement. Its result is looked at when the queue is sent; without a check any success will do.
  virtual void execute(std::string_view sql, Params params = {}, Check check = {}) = 0;

  /// Sends what is queued and this, and waits. A query before the first write is not in a transaction of its own making: it sees
  /// what is committed at that moment, and holds no locks afterwards (call begin() first to change that).
  virtual errors::Result<Rows> query(std::string_view sql, Params params = {}) = 0;

  /// Makes everything from here on, queries included, one database transaction.
  virtual void begin() = 0;

  /// Runs after the commit has succeeded, on the committing thread, in the order added.
  virtual void after_commit(std::function<void()> hook) = 0;
};

}  // namespace pkg::postgres
