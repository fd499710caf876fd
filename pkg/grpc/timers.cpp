// gRPC's timer thread looks once a second or more whether a timer is due, and also where none is set: its lists are laid out for the next
// second only, and a timer beyond it is not looked at before (src/core/lib/iomgr/timer_generic.cc, gRPC 1.51). Of a service that nobody
// calls that was a third of all that it did. Here it is known of each timer when it is due, so the thread rests until the first may be, and
// is woken for one that is set meanwhile. No timer goes off later than it did. The linker puts this between gRPC and its timers (--wrap,
// see CMakeLists.txt), where gRPC is part of the program (ADR 20); the library's callers know nothing of it.

#include <cstdint>
#include <mutex>

#include "pkg/grpc/deadlines.hpp"

struct grpc_timer;
struct grpc_closure;

namespace grpc_core {

/// gRPC's, which none of its public headers has: milliseconds since the process began.
struct Timestamp {
  std::int64_t ms;
};

}  // namespace grpc_core

// NOLINTBEGIN(readability-identifier-naming): gRPC's names
enum grpc_timer_check_result { GRPC_TIMERS_NOT_CHECKED, GRPC_TIMERS_CHECKED_AND_EMPTY, GRPC_TIMERS_FIRED };

void grpc_kick_poller();  // the timer thread looks again
// NOLINTEND(readability-identifier-naming)

namespace {

struct Known {
  std::mutex mutex;
  pkg::grpc::Deadlines deadlines;
  std::int64_t resting_until = 0;  ///< what the timer thread was told at its last look
};

/// Never ended: the timer thread looks until the process has gone.
Known& known() {
  static auto* const the_only = new Known;
  return *the_only;
}

}  // namespace

extern "C" {

// NOLINTBEGIN(bugprone-reserved-identifier,readability-identifier-naming): the linker's names
void __real__Z15grpc_timer_initP10grpc_timerN9grpc_core9TimestampEP12grpc_closure(grpc_timer* timer, grpc_core::Timestamp deadline,
                                                                                  grpc_closure* closure);
grpc_timer_check_result __real__Z16grpc_timer_checkPN9grpc_core9TimestampE(grpc_core::Timestamp* next);

void __wrap__Z15grpc_timer_initP10grpc_timerN9grpc_core9TimestampEP12grpc_closure(grpc_timer* timer, grpc_core::Timestamp deadline,
                                                                                  grpc_closure* closure) {
  __real__Z15grpc_timer_initP10grpc_timerN9grpc_core9TimestampEP12grpc_closure(timer, deadline, closure);
  auto& [mutex, deadlines, resting_until] = known();
  bool rests_too_long = false;
  {
    const std::scoped_lock lock(mutex);
    deadlines.add(deadline.ms);
    rests_too_long = deadline.ms < resting_until;
  }
  // After the timer is in its list, so that a look finds it; one that came between has seen the deadline, or is followed by another.
  if (rests_too_long) grpc_kick_poller();
}

grpc_timer_check_result __wrap__Z16grpc_timer_checkPN9grpc_core9TimestampE(grpc_core::Timestamp* next) {
  const auto result = __real__Z16grpc_timer_checkPN9grpc_core9TimestampE(next);
  if (next == nullptr || result != GRPC_TIMERS_CHECKED_AND_EMPTY) return result;
  auto& [mutex, deadlines, resting_until] = known();
  const std::scoped_lock lock(mutex);
  // gRPC names no time that lies more than one millisecond behind the first timer that is set.
  constexpr std::int64_t most_behind = 1;
  if (const auto first = deadlines.next_after(next->ms - most_behind); first > next->ms) next->ms = first;
  resting_until = next->ms;
  return result;
}
// NOLINTEND(bugprone-reserved-identifier,readability-identifier-naming)
}
