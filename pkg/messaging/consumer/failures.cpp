#include "pkg/messaging/consumer/failures.hpp"

#include <array>
#include <functional>

#include "pkg/ids/uuid.hpp"

namespace pkg::messaging {

std::string describe(const errors::Error& error) { return error.detail.empty() ? error.code : error.code + ": " + error.detail; }

void count_failure(ParkedMessage& parked, const errors::Error& error, const RetryPolicy& retry, clock::TimePoint now) {
  ++parked.attempts;
  parked.why = describe(error);
  const bool hopeless = error.kind == errors::ErrorKind::malformed || parked.attempts >= retry.tries;
  parked.state = hopeless ? ParkedState::dead : ParkedState::waiting;
  parked.next_attempt_at = now + retry.wait.wait(parked.attempts, std::hash<std::string>{}(parked.message.id));
}

std::string id_of_bytes(std::string_view bytes) {
  // FNV-1a, twice with different multipliers: doubles must meet, an attacker is not expected here.
  std::array<std::uint8_t, 16> id{};
  std::uint64_t low = 0xcbf29ce484222325, high = low;
  for (const char c : bytes) {
    low = (low ^ static_cast<std::uint8_t>(c)) * 0x100000001b3;
    high = (high ^ static_cast<std::uint8_t>(c)) * 0x9e3779b97f4a7c15;
  }
  for (std::size_t i = 0; i < 8; ++i) {
    id[i] = static_cast<std::uint8_t>(high >> (8 * i));
    id[8 + i] = static_cast<std::uint8_t>(low >> (8 * i));
  }
  id[6] = static_cast<std::uint8_t>(0x80 | (id[6] & 0x0f));  // version 8: made in a way of our own (RFC 9562)
  id[8] = static_cast<std::uint8_t>(0x80 | (id[8] & 0x3f));
  return ids::Uuid(id).to_string();
}

}  // namespace pkg::messaging
