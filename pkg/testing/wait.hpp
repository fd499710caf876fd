#pragma once
// Waiting for something to become true, in place of sleeping and hoping.

#include <gtest/gtest.h>

#include <chrono>
#include <string_view>
#include <thread>

namespace pkg::testing {

/// Polls until the condition holds. When it does not within the limit, the test fails with a word about what was awaited; false is
/// returned so that the test can stop there.
template <class Condition>
bool wait_until(Condition condition, std::string_view what_is_awaited, std::chrono::milliseconds limit = std::chrono::seconds{10}) {
  const auto deadline = std::chrono::steady_clock::now() + limit;
  auto pause = std::chrono::microseconds{200};
  while (!condition()) {
    if (std::chrono::steady_clock::now() >= deadline) {
      ADD_FAILURE() << "waited " << limit.count() << " ms in vain for: " << what_is_awaited;
      return false;
    }
    std::this_thread::sleep_for(pause);
    if (pause < std::chrono::milliseconds{10}) pause *= 2;
  }
  return true;
}

}  // namespace pkg::testing
