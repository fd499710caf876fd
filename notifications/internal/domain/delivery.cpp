#include "notifications/internal/domain/delivery.hpp"

#include <algorithm>
#include <utility>

namespace notifications::domain {
namespace {

Standing later(const Waiting& before, Delivery in_the_end, pkg::clock::TimePoint now, const DeliveryPolicy& policy) {
  const int tries = before.tries + 1;
  if (now - before.created_at >= policy.give_up_after) return {in_the_end, tries, {}};
  // Stops doubling at the longest wait, so that it cannot overflow however many tries there were.
  auto wait = policy.first_wait;
  for (int i = 0; i < before.tries && wait < policy.longest_wait; ++i) wait *= 2;
  return {Delivery::queued, tries, now + std::min(wait, policy.longest_wait)};
}

}  // namespace

Standing after(Attempt attempt, const Waiting& before, pkg::clock::TimePoint now, const DeliveryPolicy& policy) {
  switch (attempt) {
    case Attempt::taken: return {Delivery::sent, before.tries + 1, {}};
    case Attempt::refused_for_now: return later(before, Delivery::failed, now, policy);
    case Attempt::refused_for_good: return {Delivery::failed, before.tries + 1, {}};
    case Attempt::address_unknown: return later(before, Delivery::not_sent, now, policy);
    case Attempt::nobody: return {Delivery::not_sent, before.tries + 1, {}};
  }
  std::unreachable();
}

}  // namespace notifications::domain
