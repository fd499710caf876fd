#pragma once
// Units of work in memory, for this toolkit's own tests.

#include <functional>
#include <mutex>
#include <vector>

#include "pkg/messaging/outbox.hpp"
#include "pkg/saga/memory_saga_store.hpp"
#include "pkg/uow/unit_of_work.hpp"

namespace pkg::saga::testing {

class MemoryUnit final : public uow::UnitOfWork {
 public:
  std::vector<MemorySagaStore::Part> parts;
  std::vector<messaging::Message> messages;
};

class MemoryTransactor final : public uow::Transactor {
 public:
  errors::Result<> run(const uow::Cause& cause, const Work& work) override {
    errors::Result<> done;
    for (int attempt = 0; attempt < max_attempts; ++attempt) {
      MemoryUnit unit;
      unit.set_cause(cause);
      done = work(unit);
      if (done) done = commit(unit);
      for (const auto& part : unit.parts) part.forget();
      if (done || done.error().kind != errors::ErrorKind::contended) return done;
    }
    return done;
  }

  static MemorySagaStore::Enlist enlist() {
    return [](uow::UnitOfWork& unit, MemorySagaStore::Part part) { dynamic_cast<MemoryUnit&>(unit).parts.push_back(std::move(part)); };
  }

  /// What was sent since the last call, in order.
  std::vector<messaging::Message> take_sent() {
    const std::scoped_lock lock(mutex_);
    return std::exchange(sent_, {});
  }

 private:
  errors::Result<> commit(MemoryUnit& unit) {
    const std::scoped_lock lock(mutex_);
    for (const auto& part : unit.parts) {
      if (auto may = part.may(); !may) return may;
    }
    for (const auto& part : unit.parts) part.commit();
    sent_.insert(sent_.end(), unit.messages.begin(), unit.messages.end());
    return {};
  }

  std::mutex mutex_;
  std::vector<messaging::Message> sent_;
};

class MemoryOutbox final : public messaging::Outbox {
 public:
  void add(uow::UnitOfWork& unit, messaging::Message message) override {
    dynamic_cast<MemoryUnit&>(unit).messages.push_back(std::move(message));
  }
};

}  // namespace pkg::saga::testing
