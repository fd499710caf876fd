#include "pkg/ids/id_sources.hpp"

#include <sys/random.h>

#include <array>
#include <cstdlib>

namespace pkg::ids {
namespace {

constexpr std::uint16_t counter_limit = 0x0fff;

Uuid version7(std::uint64_t ms, std::uint16_t rand_a, std::array<std::uint8_t, 16> bytes) {
  for (std::size_t i = 0; i < 6; ++i) bytes[i] = static_cast<std::uint8_t>(ms >> (8 * (5 - i)));
  bytes[6] = static_cast<std::uint8_t>(0x70 | (rand_a >> 8));
  bytes[7] = static_cast<std::uint8_t>(rand_a & 0xff);
  bytes[8] = static_cast<std::uint8_t>(0x80 | (bytes[8] & 0x3f));
  return Uuid{bytes};
}

}  // namespace

// Those of sixteen ids come from the kernel at once: a system call each was a hundredth of a busy service's time.
std::array<std::uint8_t, 16> TimeOrderedIds::random_bytes() {
  // Up to 256 bytes are never cut short once the kernel's pool is ready (getrandom(2)).
  static_assert(sizeof random_ <= 256);
  if (unused_ == 0) {
    if (getrandom(random_.data(), sizeof random_, 0) != static_cast<ssize_t>(sizeof random_)) std::abort();
    unused_ = random_.size();
  }
  return random_[--unused_];
}

Uuid TimeOrderedIds::next() {
  const auto now = static_cast<std::uint64_t>(clock::unix_ms(clock_.now()));
  const std::scoped_lock lock(mutex_);
  const auto bytes = random_bytes();
  if (now > last_ms_) {
    last_ms_ = now;
    // Starts in the lower half, so that at least 2048 ids fit into a millisecond before time is borrowed.
    counter_ = static_cast<std::uint16_t>(((bytes[0] << 8) | bytes[1]) & (counter_limit >> 1));
  } else if (counter_ == counter_limit) {
    ++last_ms_;
    counter_ = 0;
  } else {
    ++counter_;
  }
  return version7(last_ms_, counter_, bytes);
}

Uuid CountingIds::next() {
  const std::scoped_lock lock(mutex_);
  return nth(next_++);
}

Uuid CountingIds::nth(std::uint64_t n) {
  std::array<std::uint8_t, 16> bytes{};
  for (std::size_t i = 0; i < 8; ++i) bytes[8 + i] = static_cast<std::uint8_t>(n >> (8 * (7 - i)));
  return version7(0, 0, bytes);
}

}  // namespace pkg::ids
