#include "pkg/messaging/consumer/failures.hpp"

#include <functional>

namespace pkg::messaging {

std::string describe(const errors::Error& error) { return error.detail.empty() ? error.code : error.code + ": " + error.detail; }

void count_failure(ParkedMessage& parked, const errors::Error& error, const RetryPolicy& retry, clock::TimePoint now) {
  ++parked.attempts;
  parked.why = describe(error);
  const bool hopeless = error.kind == errors::ErrorKind::malformed || parked.attempts >= retry.tries;
  parked.state = hopeless ? ParkedState::dead : ParkedState::waiting;
  parked.next_attempt_at = now + retry.wait.wait(parked.attempts, std::hash<std::string>{}(parked.message.id));
}

}  // namespace pkg::messaging
