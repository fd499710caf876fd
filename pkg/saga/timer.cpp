#include "pkg/saga/timer.hpp"

#include <utility>

#include "pkg/faults/crash_point.hpp"

namespace pkg::saga {

Timer::Timer(Coordinator& coordinator, uow::Transactor& transactor, const clock::Clock& clock, TimerOptions options)
    : coordinator_(coordinator),
      transactor_(transactor),
      clock_(clock),
      options_(std::move(options)),
      thread_([this](const std::stop_token& stop) { run(stop); }) {}

void Timer::run(const std::stop_token& stop) {
  while (!stop.stop_requested()) coordinator_.wait_for_wake(stop, round());
}

clock::TimePoint Timer::round() {
  const faults::Scope scope("task", "saga timer");
  for (;;) {
    const auto now = clock_.now();
    const auto taken = transactor_.run_for({}, [&](uow::UnitOfWork& unit) { return coordinator_.due(unit, now, options_.limit); });
    if (!taken) {
      if (options_.on_error) options_.on_error(taken.error());
      return now + options_.retry;
    }
    if (*taken < options_.limit) return now + options_.sweep;
  }
}

}  // namespace pkg::saga
