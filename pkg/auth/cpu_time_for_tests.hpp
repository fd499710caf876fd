#pragma once
// For the tests of pkg/auth that print or compare costs: processor time does not depend on what else the machine does.

#include <ctime>

namespace pkg::auth {

/// What one of `times` runs takes of this thread, in microseconds.
double cpu_micros(int times, auto run) {
  const auto now = [] {
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) * 1e6 + static_cast<double>(time.tv_nsec) / 1e3;
  };
  const auto start = now();
  for (int i = 0; i < times; ++i) run();
  return (now() - start) / times;
}

}  // namespace pkg::auth
