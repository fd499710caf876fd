#include "pkg/messaging/consumer/batch_handler.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include "pkg/faults/crash_point.hpp"
#include "pkg/messaging/consumer/failures.hpp"
#include "pkg/messaging/id_of_bytes.hpp"

namespace pkg::messaging {
namespace {

using errors::ErrorKind;

Message stand_in_for(const Delivery& undecodable) {
  Message message;
  message.id = id_of_bytes(undecodable.raw);
  message.channel = undecodable.message.channel;
  return message;
}

errors::Error undecodable(const Delivery& delivery) { return {ErrorKind::malformed, "undecodable_message", delivery.undecodable, {}}; }

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

// The failed ones are parked and the others share their transaction. What has to be tried once more, because somebody else was faster or
// something is away, is handled alone; it is looked for by halves where nobody knows it. False where the database is away.
bool BatchHandler::handle_all(std::span<const Delivery> deliveries, Done& done) {
  if (deliveries.empty()) return true;
  Failures failures;
  bool is_to_look = false;
  Attempt attempt;
  do attempt = handle_together(deliveries, failures, is_to_look, done);
  while (attempt.goes_on);
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

// Takes all of them into the unit, and says what each is.
errors::Result<> BatchHandler::begin(uow::UnitOfWork& unit, Run& run) {
  unit.on_failed_part([&run](std::size_t part, const errors::Error& error) {
    run.failed = part;
    const bool to_try_once_more = error.kind == ErrorKind::unavailable || error.kind == ErrorKind::contended;
    // One that cannot even be parked is no longer gone on without.
    run.goes_on = !to_try_once_more && run.failures.try_emplace(part, error).second;
    return run.goes_on;
  });
  run.parts.assign(run.deliveries.size(), {});
  run.stand_ins.clear();
  std::vector<const Message*> messages;
  std::vector<Part*> wanted;
  for (std::size_t i = 0; i < run.deliveries.size(); ++i) {
    const Delivery& delivery = run.deliveries[i];
    run.parts[i].message = &delivery.message;
    if (!is_wanted(delivery)) continue;
    wanted.push_back(&run.parts[i]);
    messages.push_back(delivery.undecodable.empty() ? &delivery.message : &run.stand_ins.emplace_back(stand_in_for(delivery)));
  }
  if (wanted.empty()) return {};
  const auto admissions = admit(unit, messages, run.how);
  if (!admissions) return errors::pass_on(admissions);
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    wanted[i]->message = messages[i];
    wanted[i]->admission = (*admissions)[i];
  }
  if (messages.size() < 2 || !handlers_.announced()) return {};
  return handlers_.announced()(unit, messages);
}

errors::Result<> BatchHandler::work(uow::UnitOfWork& unit, Run& run) {
  run.failed.reset();
  run.goes_on = run.handler_failed = false;
  if (!unit.resumes_at()) {
    if (auto begun = begin(unit, run); !begun) return begun;
  }
  const std::size_t from = unit.resumes_at().value_or(0);
  std::size_t at_stake = unit.resumes_at() ? 0 : redone_at_most;
  for (std::size_t i = from; i < run.parts.size(); ++i) {
    if (!run.parts[i].admission) continue;
    if (run.has_savepoints && at_stake++ == redone_at_most) {
      unit.savepoint(i);
      at_stake = 1;
    }
    if (auto handled = handle_part(unit, i, run); !handled) {
      run.handler_failed = true;
      unit.report_failed_part(i);
      return handled;
    }
  }
  return {};
}

errors::Result<> BatchHandler::handle_part(uow::UnitOfWork& unit, std::size_t index, Run& run) {
  const Delivery& delivery = run.deliveries[index];
  Part& part = run.parts[index];
  const Message& message = *part.message;
  unit.begin_part(index, {message.correlation_id, message.id, message.traceparent});
  if (!part.admission->fresh) {
    part.handling = Handling::doubled;
  } else if (!delivery.undecodable.empty()) {
    ParkedMessage parked = to_park(message, clock_.now());
    parked.raw = delivery.raw;
    park_failed(unit, std::move(parked), undecodable(delivery), part);
  } else if (part.admission->key_waits || waits_behind_a_failure(run, index)) {
    lot_.park(unit, to_park(message, clock_.now()));
    part.handling = Handling::queued;
  } else if (const auto failure = run.failures.find(index); failure != run.failures.end()) {
    park_failed(unit, to_park(message, clock_.now()), failure->second, part);
  } else {
    if (auto handled = (*handlers_.find(message.type))(unit, message); !handled) return handled;
    part.handling = Handling::handled;
  }
  return {};
}

void BatchHandler::park_failed(uow::UnitOfWork& unit, ParkedMessage parked, const errors::Error& error, Part& part) {
  count_failure(parked, error, retry_, clock_.now());
  lot_.park(unit, parked);
  part.handling = parked.state == ParkedState::dead ? Handling::dead : Handling::parked;
  part.why = std::move(parked.why);
}

bool BatchHandler::waits_behind_a_failure(const Run& run, std::size_t index) {
  const auto key_of = [&](std::size_t i) { return std::tie(run.parts[i].message->channel, run.parts[i].message->key); };
  return std::ranges::any_of(run.failures, [&](const auto& failure) {
    const std::size_t other = failure.first;
    const bool is_parked = other < index && (run.parts[other].handling == Handling::parked || run.parts[other].handling == Handling::dead);
    return is_parked && key_of(other) == key_of(index);
  });
}

// What came before is rare, and which keys wait is known: so a batch is first handled as if all were so, which saves a round trip. Where it
// is not, more of that may come, and for a while each batch is looked at.
BatchHandler::Attempt BatchHandler::handle_together(std::span<const Delivery> deliveries, Failures& failures, bool& is_to_look,
                                                    Done& done) {
  const bool all_readable = std::ranges::all_of(deliveries, [](const Delivery& each) { return each.undecodable.empty(); });
  if (!is_to_look && to_look_at_ == 0 && all_readable) {
    const Attempt attempt = attempt_together(deliveries, Admit::as_expected, failures, done);
    if (attempt.was_as_expected) return attempt;
    to_look_at_ = careful_batches;
    failures.clear();  // what failed may have seen the second effect of one that came before
  }
  is_to_look = true;
  return attempt_together(deliveries, Admit::after_a_look, failures, done);
}

BatchHandler::Attempt BatchHandler::attempt_together(std::span<const Delivery> deliveries, Admit how, Failures& failures, Done& done) {
  std::optional<faults::Scope> scope;
  if (deliveries.size() == 1) scope.emplace("message", deliveries.front().message.type);
  Run run{.deliveries = deliveries, .how = how, .failures = failures};
  run.has_savepoints = to_guard_ > 0 || !failures.empty();
  bool tried = false;
  const auto committed = transactor_.run({}, [&](uow::UnitOfWork& unit) -> errors::Result<> {
    // A batch that met somebody else's commit is not worth another try as a whole.
    if (!unit.resumes_at() && std::exchange(tried, true)) return errors::fail(ErrorKind::internal, "batch_given_up", {});
    return work(unit, run);
  });
  if (committed) {
    report(run, done);
    done.count += deliveries.size();
    return {.committed = true};
  }
  if (committed.error().code == Inbox::not_as_expected().code) return {.was_as_expected = false};
  // Where the database is away, the first will find it away as well, and end it.
  if (!run.failed && committed.error().kind == ErrorKind::unavailable) run.failed = 0;
  return {.goes_on = run.goes_on, .culprit = run.failed, .was_tried = run.handler_failed};
}

// False where the database is away.
bool BatchHandler::handle_alone(const Delivery& delivery, bool was_tried, Done& done) {
  const faults::Scope scope("message", delivery.message.type);
  for (;; was_tried = true) {
    Failures failures;
    Run run{.deliveries = std::span(&delivery, 1), .how = Admit::after_a_look, .failures = failures};
    const auto committed = transactor_.run({}, [&](uow::UnitOfWork& unit) { return work(unit, run); });
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
  bool has_doubled = false, has_failures = false;
  for (const Part& part : run.parts) {
    const Message& message = *part.message;
    if (part.handling == Handling::parked || part.handling == Handling::dead) {
      has_failures = true;
      note(message, true);
      listener_.failed(message, part.why);
    }
    has_doubled = has_doubled || part.handling == Handling::doubled;
    done.parked = done.parked || part.handling == Handling::parked || part.handling == Handling::queued;
    listener_.handled(message, part.handling);
  }
  const auto count_down = [](std::atomic<int>& batches, bool again) {
    if (int left = batches; again) {
      batches = careful_batches;
    } else if (left > 0) {
      batches.compare_exchange_strong(left, left - 1);
    }
  };
  count_down(to_look_at_, has_doubled);
  count_down(to_guard_, has_failures);
}

}  // namespace pkg::messaging
