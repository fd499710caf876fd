#pragma once
// What a failure means for the message that met it. Shared by the first try and the later ones.

#include <cstdint>
#include <string>
#include <string_view>

#include "pkg/clock/clock.hpp"
#include "pkg/errors/error.hpp"
#include "pkg/messaging/consumer/parking_lot.hpp"

namespace pkg::messaging {

/// "code: detail", for operators.
std::string describe(const errors::Error& error);

/// Enters another failed attempt. `malformed` will fail for ever, so it is dead at once.
void count_failure(ParkedMessage& parked, const errors::Error& error, const RetryPolicy& retry, clock::TimePoint now);

}  // namespace pkg::messaging
