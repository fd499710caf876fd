#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <mutex>

#include "pkg/clock/clock.hpp"
#include "pkg/ids/uuid.hpp"

namespace pkg::ids {

/// Version 7 ids from a clock and the kernel's random numbers. Ids of one source ascend even within a millisecond and when
/// the clock steps back (RFC 9562, section 6.2, method 1: a counter in rand_a). Not for a process that forks and goes on in both.
class TimeOrderedIds final : public IdSource {
 public:
  /// The clock must outlive the source.
  explicit TimeOrderedIds(const clock::Clock& clock) : clock_(clock) {}
  Uuid next() override;

 private:
  /// Under the lock.
  std::array<std::uint8_t, 16> random_bytes();

  const clock::Clock& clock_;
  std::mutex mutex_;
  std::array<std::array<std::uint8_t, 16>, 16> random_{};
  std::size_t unused_ = 0;  // of these
  std::uint64_t last_ms_ = 0;
  std::uint16_t counter_ = 0;
};

/// 1, 2, 3 … in the shape of version 7 ids: for tests that name their ids.
class CountingIds final : public IdSource {
 public:
  explicit CountingIds(std::uint64_t first = 1) : next_(first) {}
  Uuid next() override;
  /// The n-th id that a source starting at 1 gives.
  static Uuid nth(std::uint64_t n);

 private:
  std::mutex mutex_;
  std::uint64_t next_;
};

}  // namespace pkg::ids
