#pragma once
// How a notification becomes an e-mail.
//
//   not_sent                                  no mail server is configured, or nobody knows an address
//   queued -> sent                            the mail server took it
//   queued -> queued                          refused for now, or the address is not known yet: later, and later still
//   queued -> failed                          refused for good, or for now for too long
//   queued -> not_sent                        there is no such person, or no address came in all that time

#include <chrono>
#include <cstdint>
#include <optional>

#include "pkg/clock/clock.hpp"

namespace notifications::domain {

enum class Delivery : std::uint8_t { not_sent, queued, sent, failed };

/// What became of one try to deliver.
enum class Attempt : std::uint8_t {
  taken,             ///< the mail server has it
  refused_for_now,   ///< or it is away
  refused_for_good,  ///< another try is useless
  address_unknown,   ///< neither an event nor users has told the address
  nobody,            ///< users says that there is no such person
};

struct DeliveryPolicy {
  pkg::clock::Duration first_wait = std::chrono::seconds{15};  ///< after the first try; doubles with each
  pkg::clock::Duration longest_wait = std::chrono::hours{1};
  pkg::clock::Duration give_up_after = std::chrono::hours{72};  ///< counted from when the notification was written
};

/// Where a queued notification stands before a try.
struct Waiting {
  pkg::clock::TimePoint created_at;
  int tries = 0;  ///< made before
};

/// And after it. `due_at` is when to try again, and there while it is queued.
struct Standing {
  Delivery delivery = Delivery::queued;
  int tries = 0;
  std::optional<pkg::clock::TimePoint> due_at;

  friend bool operator==(const Standing&, const Standing&) = default;
};

Standing after(Attempt attempt, const Waiting& before, pkg::clock::TimePoint now, const DeliveryPolicy& policy);

}  // namespace notifications::domain
