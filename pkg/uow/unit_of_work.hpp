#pragma once
// A unit of work: what a use case reads and writes together. State, events, outgoing messages and the record of the
// incoming message commit as one or not at all. The application layer passes it on and never looks inside.

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

#include "pkg/errors/error.hpp"

namespace pkg::uow {

/// On whose behalf a unit of work runs; stamped on the events and messages that it produces.
struct Cause {
  std::string correlation_id;  ///< the same for everything that follows from one request
  std::string causation_id;    ///< the message or request that led here directly
  std::string traceparent;     ///< W3C trace context, empty where nothing is traced
};

class UnitOfWork {
 public:
  UnitOfWork() = default;
  UnitOfWork(const UnitOfWork&) = delete;
  UnitOfWork& operator=(const UnitOfWork&) = delete;
  virtual ~UnitOfWork() = default;

  const Cause& cause() const { return cause_; }
  void set_cause(Cause cause) { cause_ = std::move(cause); }

  /// For a unit of several parts that stand or fall together, each on its own behalf: what is written from here on belongs to this one.
  void begin_part(std::size_t number, Cause cause) {
    part_ = number;
    cause_ = std::move(cause);
  }
  /// From here on what is written belongs to no part.
  void end_parts() { part_.reset(); }
  std::optional<std::size_t> part() const { return part_; }

  /// A place before a part to which the unit can be taken back. It costs a little, so it is for where failures are about.
  virtual void savepoint(std::size_t /*before_part*/) {}

  /// Where a part fails the unit, by its own error or by a write of it, this is asked whether the unit goes on without it. If so, and there
  /// is a savepoint before it, what came after that is undone and the work is run again on the same unit, from resumes_at() on; else run()
  /// fails. It is not asked where nobody can say whose failure it is, as of what fails only at the commit itself.
  using GoesOn = std::function<bool(std::size_t part, const errors::Error& error)>;
  void on_failed_part(GoesOn goes_on) { goes_on_ = std::move(goes_on); }
  /// The part that the work begins with where it is run again on the same unit.
  std::optional<std::size_t> resumes_at() const { return resumes_at_; }

  /// For transactors, and for work that is about to fail and knows for which part. Of several reports the first counts, also where it says
  /// that what failed belongs to no part.
  void report_failed_part(std::optional<std::size_t> part) {
    if (!std::exchange(is_reported_, true)) failed_part_ = part;
  }
  /// For transactors: the unit has failed with this error; true where the work is to be run again on it.
  bool goes_on_after(const errors::Error& error) {
    const auto failed = std::exchange(failed_part_, std::nullopt);
    is_reported_ = false;
    if (!failed || !goes_on_ || !goes_on_(*failed, error)) return false;
    resumes_at_ = take_back(*failed);
    return resumes_at_.has_value();
  }

 private:
  /// Undoes everything from the last savepoint before the failed part on, and gives the part that it stands before; nothing where there is
  /// none.
  virtual std::optional<std::size_t> take_back(std::size_t /*failed_part*/) { return std::nullopt; }

  Cause cause_;
  std::optional<std::size_t> part_;
  std::optional<std::size_t> failed_part_;
  bool is_reported_ = false;
  std::optional<std::size_t> resumes_at_;
  GoesOn goes_on_;
};

class Transactor {
 public:
  using Work = std::function<errors::Result<>(UnitOfWork&)>;

  virtual ~Transactor() = default;

  /// Runs the work and commits what it wrote, or nothing if it fails. Where the commit finds that somebody else was faster
  /// (ErrorKind::contended) the work is run again on a fresh unit, at most `max_attempts` times in all, so it must have no
  /// effect but through the unit. Fails with the work's own error, `contended`, `unavailable` or `internal`.
  virtual errors::Result<> run(const Cause& cause, const Work& work) = 0;

  static constexpr int max_attempts = 8;

  /// The same for work that gives a value.
  template <class F>
  auto run_for(const Cause& cause, F&& work) -> std::invoke_result_t<F&, UnitOfWork&> {
    using R = std::invoke_result_t<F&, UnitOfWork&>;
    std::optional<typename R::value_type> value;
    auto done = run(cause, [&](UnitOfWork& unit) -> errors::Result<> {
      R result = work(unit);
      if (!result) return std::unexpected(std::move(result.error()));
      value.emplace(std::move(*result));
      return {};
    });
    if (!done) return std::unexpected(std::move(done.error()));
    return std::move(*value);
  }
};

}  // namespace pkg::uow
