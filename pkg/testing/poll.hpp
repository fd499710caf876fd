#pragma once
// Waiting for something to become true, for programs that are no GoogleTests; those have wait.hpp.

#include <chrono>
#include <thread>

namespace pkg::testing {

/// Polls until the condition holds; false where it did not within the limit.
template <class Condition>
bool poll_until(Condition condition, std::chrono::milliseconds limit) {
  const auto deadline = std::chrono::steady_clock::now() + limit;
  auto pause = std::chrono::microseconds{200};
  while (!condition()) {
    if (std::chrono::steady_clock::now() >= deadline) return false;
    std::this_thread::sleep_for(pause);
    if (pause < std::chrono::milliseconds{10}) pause *= 2;
  }
  return true;
}

}  // namespace pkg::testing
