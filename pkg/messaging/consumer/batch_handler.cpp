#include "pkg/messaging/consumer/batch_handler.hpp"

#include <algorithm>
#include <deque>

#include "pkg/faults/crash_point.hpp"
#include "pkg/messaging/consumer/failures.hpp"

namespace pkg::messaging {
namespace {

using errors::ErrorKind;

Message stand_in_for(const Delivery& undecodable) {
  Message message;
  message.id = id_of_bytes(undecodable.raw);
  message.channel = undecodable.message.channel;
  return message;
}

ParkedMessage to_park(const Message& message, clock::TimePoint now) {
  ParkedMessage parked;
  parked.message = message;
  parked.parked_at = parked.next_attempt_at = now;
  return parked;
}

}  // namespace

BatchHandler::Done BatchHandler::handle(std::span<const Delivery> deliveries) {
  Done done;
  done.store_away = !handle_all(deliveries, done);
  return done;
}

// The message at fault is handled alone, or looked for by halves where nobody knows it, so that the others still share their
// transactions. False where the database is away.
bool BatchHandler::handle_all(std::span<const Delivery> deliveries, Done& done) {
  if (deliveries.empty()) return true;
  const Attempt attempt = handle_together(deliveries, done);
  if (attempt.committed) return true;
  if (!attempt.culprit && deliveries.size() > 1) {
    const std::size_t half = deliveries.size() / 2;
    return handle_all(deliveries.first(half), done) && handle_all(deliveries.subspan(half), done);
  }
  const std::size_t culprit = attempt.culprit.value_or(0);
  if (!handle_all(deliveries.first(culprit), done)) return false;
  if (!handle_alone(deliveries[culprit], attempt.was_tried, done)) return false;
  ++done.count;
  return handle_all(deliveries.subspan(culprit + 1), done);
}

bool BatchHandler::is_wanted(const Delivery& delivery) const {
  return !delivery.undecodable.empty() || handlers_.find(delivery.message.type) != nullptr;
}

bool BatchHandler::is_known_to_wait(const Message& message) {
  const std::scoped_lock lock(mutex_);
  return waiting_.contains({message.channel, message.key});
}

void BatchHandler::note(const Message& message, bool key_waits) {
  const std::scoped_lock lock(mutex_);
  if (!key_waits) {
    waiting_.erase({message.channel, message.key});
  } else if (waiting_.size() < most_waiting) {
    waiting_.emplace(message.channel, message.key);
  }
}

errors::Result<std::vector<Admission>> BatchHandler::admit(uow::UnitOfWork& unit, std::span<const Message* const> messages, Admit how) {
  if (how == Admit::as_expected) {
    std::vector<Expected> expected;
    std::vector<Admission> admissions;
    for (const Message* message : messages) {
      expected.push_back({message, is_known_to_wait(*message)});
      admissions.push_back({.fresh = true, .key_waits = expected.back().key_waits});
    }
    inbox_.admit_as_expected(unit, expected);
    return admissions;
  }
  auto admissions = inbox_.admit(unit, messages);
  for (std::size_t i = 0; admissions && i < messages.size(); ++i) note(*messages[i], (*admissions)[i].key_waits);
  return admissions;
}

errors::Result<> BatchHandler::work(uow::UnitOfWork& unit, std::span<const Delivery> deliveries, Admit how, Run& run) {
  run = {};
  unit.on_failed_part([&run](std::size_t index) { run.failed = index; });
  std::deque<Message> stand_ins;
  std::vector<const Delivery*> wanted;
  std::vector<const Message*> messages;
  for (const Delivery& delivery : deliveries) {
    if (!is_wanted(delivery)) {
      run.handlings.emplace_back(&delivery.message, Handling::unwanted);
      continue;
    }
    wanted.push_back(&delivery);
    messages.push_back(delivery.undecodable.empty() ? &delivery.message : &stand_ins.emplace_back(stand_in_for(delivery)));
  }
  if (wanted.empty()) return {};
  const auto admissions = admit(unit, messages, how);
  if (!admissions) return errors::pass_on(admissions);

  for (std::size_t i = 0; i < wanted.size(); ++i) {
    const Delivery& delivery = *wanted[i];
    const Admission& admission = (*admissions)[i];
    const Message& message = delivery.message;
    const auto index = static_cast<std::size_t>(&delivery - deliveries.data());
    unit.begin_part(index, {message.correlation_id, message.id, message.traceparent});
    if (!admission.fresh) {
      run.handlings.emplace_back(&message, Handling::doubled);
    } else if (!delivery.undecodable.empty()) {
      ParkedMessage parked = to_park(*messages[i], clock_.now());
      parked.raw = delivery.raw;
      count_failure(parked, {ErrorKind::malformed, "undecodable_message", delivery.undecodable, {}}, retry_, clock_.now());
      lot_.park(unit, parked);
      run.handlings.emplace_back(&message, Handling::dead);
    } else if (admission.key_waits) {
      lot_.park(unit, to_park(message, clock_.now()));
      run.parked = true;
      run.handlings.emplace_back(&message, Handling::queued);
    } else {
      if (auto handled = (*handlers_.find(message.type))(unit, message); !handled) {
        run.handler_failed = true;
        if (!run.failed) run.failed = index;  // unless it met a write of an earlier one
        return handled;
      }
      run.handlings.emplace_back(&message, Handling::handled);
    }
  }
  return {};
}

// What came before is rare, and which keys wait is known: so a batch is first handled as if all were so, which saves a round trip. Where it
// is not, more of that may come, and for a while each batch is looked at.
BatchHandler::Attempt BatchHandler::handle_together(std::span<const Delivery> deliveries, Done& done) {
  if (careful_ == 0 && std::ranges::all_of(deliveries, [](const Delivery& each) { return each.undecodable.empty(); })) {
    const Attempt attempt = attempt_together(deliveries, Admit::as_expected, done);
    if (attempt.was_as_expected) return attempt;
    careful_ = careful_batches;
  }
  if (deliveries.size() == 1) return {};  // alone it is looked at anyway
  return attempt_together(deliveries, Admit::after_a_look, done);
}

BatchHandler::Attempt BatchHandler::attempt_together(std::span<const Delivery> deliveries, Admit admit, Done& done) {
  std::optional<faults::Scope> scope;
  if (deliveries.size() == 1) scope.emplace("message", deliveries.front().message.type);
  Run run;
  bool tried = false;
  const auto committed = transactor_.run({}, [&](uow::UnitOfWork& unit) -> errors::Result<> {
    // A batch that met somebody else's commit is not worth another try as a whole.
    if (std::exchange(tried, true)) return errors::fail(ErrorKind::internal, "batch_given_up", {});
    return work(unit, deliveries, admit, run);
  });
  if (!committed && committed.error().code == Inbox::not_as_expected().code) return {.was_as_expected = false};
  if (!committed) {
    // Where the database is away, the first will find it away as well, and end it.
    if (!run.failed && committed.error().kind == ErrorKind::unavailable) run.failed = 0;
    return {.culprit = run.failed, .was_tried = run.handler_failed};
  }
  report(run, done);
  done.count += deliveries.size();
  return {.committed = true};
}

// False where the database is away.
bool BatchHandler::handle_alone(const Delivery& delivery, bool was_tried, Done& done) {
  const faults::Scope scope("message", delivery.message.type);
  for (;; was_tried = true) {
    Run run;
    const auto committed =
        transactor_.run({}, [&](uow::UnitOfWork& unit) { return work(unit, std::span(&delivery, 1), Admit::after_a_look, run); });
    if (committed) {
      report(run, done);
      return true;
    }
    const errors::Error& error = committed.error();
    const bool unavailable = error.kind == ErrorKind::unavailable;
    if (unavailable && !run.handler_failed) return false;
    // A handler cannot always tell our own database from another part. If it was ours and is back, a second try shows it.
    if (unavailable && !was_tried) continue;
    return park(delivery, error, done);
  }
}

bool BatchHandler::park(const Delivery& delivery, const errors::Error& error, Done& done) {
  const faults::Scope scope("parking", delivery.message.type);
  Message made;
  const bool readable = delivery.undecodable.empty();
  if (!readable) made = stand_in_for(delivery);
  ParkedMessage parked = to_park(readable ? delivery.message : made, clock_.now());
  if (!readable) parked.raw = delivery.raw;
  count_failure(parked, error, retry_, clock_.now());
  bool fresh = false;
  const auto committed = transactor_.run({}, [&](uow::UnitOfWork& unit) -> errors::Result<> {
    const Message* const message = &parked.message;
    const auto admissions = inbox_.admit(unit, std::span(&message, 1));
    if (!admissions) return errors::pass_on(admissions);
    fresh = admissions->front().fresh;
    if (fresh) lot_.park(unit, parked);
    return {};
  });
  if (!committed) return false;  // whatever it was: a message that cannot be stored is not let go
  if (!fresh) return true;
  note(parked.message, true);
  const bool dead = parked.state == ParkedState::dead;
  done.parked = done.parked || !dead;
  listener_.failed(delivery.message, parked.why);
  listener_.handled(delivery.message, dead ? Handling::dead : Handling::parked);
  return true;
}

void BatchHandler::report(const Run& run, Done& done) {
  done.parked = done.parked || run.parked;
  if (std::ranges::any_of(run.handlings, [](const auto& each) { return each.second == Handling::doubled; })) {
    careful_ = careful_batches;
  } else if (int left = careful_; left > 0) {
    careful_.compare_exchange_strong(left, left - 1);
  }
  for (const auto& [message, handling] : run.handlings) listener_.handled(*message, handling);
}

}  // namespace pkg::messaging
