#include "tests/chaos/fault_runner.hpp"

#include <stdexcept>
#include <utility>

namespace mall::chaos {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

FaultRunner::FaultRunner(MallUnderFire& mall, Run& run, std::vector<Fault> schedule, int orders, const std::filesystem::path& file)
    : mall_(mall), run_(run), schedule_(std::move(schedule)), orders_(orders), file_(file) {
  run_.note_fault();
}

/// By the clock, and not before as much of the load has begun: where that is slow the faults wait for it.
bool FaultRunner::is_due(const Fault& fault) const {
  const auto length = std::max<std::int64_t>(1, schedule_.back().at.count());
  return steady_clock::now() >= begin_ + fault.at && run_.begun >= orders_ * fault.at.count() / length * 9 / 10;
}

FaultRunner::Time FaultRunner::step() {
  look_for_the_dead();
  while (!ends_.empty() && ends_.top().at <= steady_clock::now()) {
    end(ends_.top().fault);
    ends_.pop();
  }
  if (next_ < schedule_.size() && is_due(schedule_[next_])) make(schedule_[next_++]);
  auto next = steady_clock::now() + milliseconds{50};
  if (next_ < schedule_.size()) next = std::min(next, std::max(begin_ + schedule_[next_].at, steady_clock::now() + milliseconds{5}));
  if (!ends_.empty()) next = std::min(next, ends_.top().at);
  return next;
}

void FaultRunner::make(const Fault& fault) {
  const auto at = now();
  file_ << R"({"hit":)" << at << ",\"fault\":" << to_json(fault) << "}" << std::endl;
  hits_.push_back({fault.kind, fault.target, at});
  try {
    hit(fault);
  } catch (const std::runtime_error& error) {
    file_ << R"({"failed":)" << now() << "}" << std::endl;  // PostgreSQL is away, say
  }
  run_.note_fault();
  if (fault.length.count() == 0) return;
  ++broken_[fault.target];
  ends_.push({steady_clock::now() + fault.length, fault});
}

void FaultRunner::hit(const Fault& fault) {
  switch (fault.kind) {
    case FaultKind::kill: return mall_.kill_service(fault.target);
    case FaultKind::backend: return mall_.end_session(fault.target, fault.number);
    case FaultKind::postgres: return mall_.kill_postgres();
    case FaultKind::nats: return mall_.kill_nats();
    case FaultKind::wipe: return mall_.wipe_nats();
    case FaultKind::pause: return mall_.pause_service(fault.target);
    case FaultKind::cut: return mall_.cut(fault.target, fault.length.count() > 0);
    case FaultKind::delay: return mall_.delay(fault.target, milliseconds{fault.number});
  }
  std::unreachable();
}

void FaultRunner::end(const Fault& fault) {
  if (--broken_[fault.target] > 0) return;  // another one holds it too
  if (fault.kind == FaultKind::pause)
    mall_.resume_service(fault.target);
  else
    mall_.mend(fault.target);
  run_.note_fault();
}

void FaultRunner::mend_all() {
  for (; !ends_.empty(); ends_.pop()) end(ends_.top().fault);
}

void FaultRunner::look_for_the_dead() {
  for (auto& what : mall_.ended_by_themselves()) run_.find(what);
}

}  // namespace mall::chaos
