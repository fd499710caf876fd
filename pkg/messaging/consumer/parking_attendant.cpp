#include "pkg/messaging/consumer/parking_attendant.hpp"

#include <utility>

#include "pkg/faults/crash_point.hpp"
#include "pkg/messaging/consumer/failures.hpp"

namespace pkg::messaging {
namespace {

constexpr std::size_t keys_per_round = 100;
constexpr int messages_per_key = 100;  // then the other keys have their turn
constexpr std::chrono::milliseconds in_vain_per_round{10};  // much may fail for long; what does not fail comes first

}  // namespace

ParkingAttendant::Round ParkingAttendant::go_round() {
  const auto began = clock_.now();
  auto heads = lot_.heads(keys_per_round);
  if (!heads) return {.store_away = true};
  const clock::Duration looking = clock_.now() - began;
  clock::Duration in_vain{};
  bool is_worth_it = false;
  Round round;
  for (auto& head : *heads) {
    if (head.next_attempt_at > clock_.now()) {
      round.next_due = head.next_attempt_at;
      break;
    }
    const auto before = in_vain;
    if (!work_off(std::move(head), in_vain)) return {.store_away = true};
    is_worth_it = is_worth_it || in_vain == before;
    if (in_vain >= in_vain_per_round) break;
  }
  if (!round.next_due && !heads->empty()) round.next_due = clock_.now();  // there may be more
  round.in_vain = is_worth_it ? in_vain : looking + in_vain;
  return round;
}

// False where the database is away.
bool ParkingAttendant::work_off(ParkedMessage parked, clock::Duration& in_vain) {
  for (int i = 0; i < messages_per_key; ++i) {
    const auto began = clock_.now();
    switch (attempt(parked)) {
      case Tried::store_away: return false;
      case Tried::failed: in_vain += clock_.now() - began; return true;
      case Tried::succeeded: break;
    }
    auto next = lot_.next_of(parked);
    if (!next) return false;
    if (!*next || (*next)->next_attempt_at > clock_.now()) return true;
    parked = std::move(**next);
  }
  return true;
}

ParkingAttendant::Tried ParkingAttendant::attempt(ParkedMessage parked) {
  const Message& message = parked.message;
  const faults::Scope scope("parked", message.type);
  const Handler* handler = handlers_.find(message.type);
  bool handler_failed = false;
  const auto committed = transactor_.run({}, [&](uow::UnitOfWork& unit) -> errors::Result<> {
    handler_failed = false;
    lot_.remove(unit, parked.position);
    if (handler == nullptr) return {};
    unit.set_cause({message.correlation_id, message.id, message.traceparent});
    auto handled = (*handler)(unit, message);
    handler_failed = !handled;
    return handled;
  });
  if (committed) {
    listener_.handled(message, Handling::recovered);
    return Tried::succeeded;
  }
  const errors::Error& error = committed.error();
  if (error.code == "parked_message_gone") return Tried::failed;  // an operator was faster
  if (error.kind == errors::ErrorKind::unavailable && !handler_failed) return Tried::store_away;
  count_failure(parked, error, retry_, clock_.now());
  if (!lot_.keep(parked)) return Tried::store_away;
  listener_.failed(message, parked.why);
  if (parked.state == ParkedState::dead) listener_.handled(message, Handling::dead);
  return Tried::failed;
}

}  // namespace pkg::messaging
