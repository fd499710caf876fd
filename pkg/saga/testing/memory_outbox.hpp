#pragma once

#include <mutex>
#include <utility>
#include <vector>

#include "pkg/messaging/outbox.hpp"
#include "pkg/uow/memory_transactor.hpp"

namespace pkg::saga::testing {

/// Keeps what units of a MemoryTransactor sent, once they have committed.
class MemoryOutbox final : public messaging::Outbox {
 public:
  void add(uow::UnitOfWork& unit, messaging::Message message) override {
    dynamic_cast<uow::MemoryUnitOfWork&>(unit).after_commit([this, message = std::move(message)] {
      const std::scoped_lock lock(mutex_);
      sent_.push_back(message);
    });
  }

  /// What was sent since the last call, in order.
  std::vector<messaging::Message> take_sent() {
    const std::scoped_lock lock(mutex_);
    return std::exchange(sent_, {});
  }

 private:
  std::mutex mutex_;
  std::vector<messaging::Message> sent_;
};

}  // namespace pkg::saga::testing
