#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <thread>

#include "pkg/clock/clock.hpp"
#include "pkg/errors/error.hpp"
#include "pkg/saga/coordinator.hpp"
#include "pkg/uow/unit_of_work.hpp"

namespace pkg::saga {

struct TimerOptions {
  std::size_t limit = 100;                               ///< sagas per unit of work
  clock::Duration sweep = std::chrono::seconds{30};      ///< looks this often for sagas of other or crashed replicas
  clock::Duration retry = std::chrono::seconds{1};       ///< after a failure
  std::function<void(const errors::Error&)> on_error{};  ///< a failed round, to be logged; it is tried again
};

/// A thread that calls Coordinator::due() when it is time, at once at the start, and otherwise only every `sweep`: an idle coordinator
/// asks the database nothing in between. Destroying it waits for a round at work.
class Timer {
 public:
  /// The references must outlive the timer; one timer per coordinator.
  Timer(Coordinator& coordinator, uow::Transactor& transactor, const clock::Clock& clock, TimerOptions options = {});

 private:
  void run(const std::stop_token& stop);
  /// Works off what is due; returns when to look again at the latest.
  clock::TimePoint round();

  Coordinator& coordinator_;
  uow::Transactor& transactor_;
  const clock::Clock& clock_;
  const TimerOptions options_;
  std::jthread thread_;
};

}  // namespace pkg::saga
