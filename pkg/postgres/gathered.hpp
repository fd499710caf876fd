#pragma once
// What many parts of a unit of work add to one table goes there in one statement, with the commit: a statement costs several times what
// another row of it does.

#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <utility>
#include <vector>

#include "pkg/postgres/transaction.hpp"
#include "pkg/postgres/transactor.hpp"

namespace pkg::postgres {

/// For rows that nothing in their own unit reads, and whose statement fails for no part's fault: it belongs to none. Outlives the units,
/// which are a PgTransactor's, that it was used in. Safe from any thread.
template <class Row>
class Gathered {
 public:
  /// Executes the statement that inserts them all, in their order.
  using Insert = std::function<void(Transaction& transaction, const std::vector<Row>& rows)>;
  explicit Gathered(Insert insert) : insert_(std::move(insert)) {}

  void add(uow::UnitOfWork& unit, Row row) {
    auto& transaction = transaction_of(unit);
    const auto rows = of(transaction);
    if (transaction.has_savepoint()) {
      transaction.on_taken_back([rows, before = rows->size()](std::size_t) { rows->resize(before); });
    }
    rows->push_back(std::move(row));
  }

 private:
  using Rows = std::shared_ptr<std::vector<Row>>;  // shared by this class, for further rows of the unit, and the transaction's hooks

  Rows of(Transaction& transaction) {
    Rows made;
    {
      const std::scoped_lock lock(mutex_);
      auto& rows = by_transaction_[&transaction];
      if (rows) return rows;
      made = rows = std::make_shared<std::vector<Row>>();  // shared as said at its type
    }
    transaction.before_commit([this, &transaction, made] {
      if (!made->empty()) insert_(transaction, *made);
    });
    transaction.on_outcome([this, &transaction](Outcome) {
      const std::scoped_lock lock(mutex_);
      by_transaction_.erase(&transaction);
    });
    return made;
  }

  const Insert insert_;
  std::mutex mutex_;
  std::unordered_map<Transaction*, Rows> by_transaction_;
};

}  // namespace pkg::postgres
