#pragma once

#include <functional>

#include "depot/internal/app/ports.hpp"

namespace depot::adapters::pg {

/// Calls somebody in this process once a unit has committed. Other processes are not told; their sweep finds what is left.
class PgFloor final : public app::Floor {
 public:
  /// `worker` is called from any thread, must not throw, and is usable as long as there are units.
  explicit PgFloor(std::function<void()> worker) : worker_(std::move(worker)) {}

  void wake(pkg::uow::UnitOfWork& unit) override;

 private:
  const std::function<void()> worker_;
};

}  // namespace depot::adapters::pg
