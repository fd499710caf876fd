#pragma once
// Waiting for something to become true, in place of sleeping and hoping.

#include <gtest/gtest.h>

#include <chrono>
#include <string_view>

#include "pkg/testing/poll.hpp"

namespace pkg::testing {

/// Polls until the condition holds. When it does not within the limit, the test fails with a word about what was awaited; false is
/// returned so that the test can stop there.
template <class Condition>
bool wait_until(Condition condition, std::string_view what_is_awaited, std::chrono::milliseconds limit = std::chrono::seconds{10}) {
  if (poll_until(condition, limit)) return true;
  ADD_FAILURE() << "waited " << limit.count() << " ms in vain for: " << what_is_awaited;
  return false;
}

}  // namespace pkg::testing
