#pragma once
// Units of work in memory, for tests and for programs without a database: what is written is kept back and applied together.

#include <any>
#include <cstddef>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "pkg/errors/error.hpp"
#include "pkg/uow/retry.hpp"
#include "pkg/uow/unit_of_work.hpp"

namespace pkg::uow {

class MemoryUnitOfWork final : public UnitOfWork {
 public:
  using Check = std::function<errors::Result<>()>;
  using Apply = std::function<void()>;

  explicit MemoryUnitOfWork(std::mutex& committed) : committed_(committed) {}

  /// At the commit all checks run first, then all changes, under the one lock of the transactor; a failed check undoes the unit.
  void at_commit(Check check, Apply apply) { writes_.push_back({std::move(check), std::move(apply), part()}); }

  /// Runs when the commit has succeeded, without the lock, in the order added.
  void after_commit(Apply hook) { hooks_.push_back(std::move(hook)); }

  /// Reads what is committed, undisturbed by commits of others. `read` must not start units of work.
  template <class F>
  auto read(F read) {
    const std::scoped_lock lock(committed_);
    return read();
  }

  /// What a store remembers about this unit (its own writes). T starts as T{}.
  template <class T>
  T& notes_of(const void* store) {
    std::any& note = notes_[store];
    if (!note.has_value()) note = T{};
    return std::any_cast<T&>(note);
  }

  void savepoint(std::size_t before_part) override { savepoints_.push_back({before_part, writes_.size(), hooks_.size(), notes_}); }

  errors::Result<> commit() {
    {
      const std::scoped_lock lock(committed_);
      for (const Write& write : writes_) {
        if (!write.check) continue;
        if (auto checked = write.check(); !checked) {
          report_failed_part(write.part);
          return checked;
        }
      }
      for (const Write& write : writes_) write.apply();
    }
    for (const Apply& hook : hooks_) hook();
    return {};
  }

 private:
  struct Write {
    Check check;
    Apply apply;
    std::optional<std::size_t> part;
  };
  using Notes = std::map<const void*, std::any>;
  struct Savepoint {
    std::size_t before_part;
    std::size_t writes;
    std::size_t hooks;
    Notes notes;
  };

  std::optional<std::size_t> take_back(std::size_t failed_part) override {
    while (!savepoints_.empty() && savepoints_.back().before_part > failed_part) savepoints_.pop_back();
    if (savepoints_.empty()) return std::nullopt;
    const Savepoint& to = savepoints_.back();
    writes_.erase(writes_.begin() + static_cast<std::ptrdiff_t>(to.writes), writes_.end());
    hooks_.erase(hooks_.begin() + static_cast<std::ptrdiff_t>(to.hooks), hooks_.end());
    notes_ = to.notes;
    return to.before_part;
  }

  std::mutex& committed_;
  std::vector<Write> writes_;
  std::vector<Apply> hooks_;
  Notes notes_;
  std::vector<Savepoint> savepoints_;
};

/// Stores of one transactor commit together. Safe to use from any thread; a unit may run another inside it, which commits by itself.
class MemoryTransactor final : public Transactor {
 public:
  errors::Result<> run(const Cause& cause, const Work& work) override {
    return retry_contended([&]() -> errors::Result<> {
      MemoryUnitOfWork unit(committed_);
      unit.set_cause(cause);
      return carry_out(unit, work);
    });
  }

 private:
  std::mutex committed_;
};

}  // namespace pkg::uow
