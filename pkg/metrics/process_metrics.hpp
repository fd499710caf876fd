#pragma once
// What the kernel says about this process, read when somebody asks.

#include <cstdint>
#include <string>

namespace pkg::metrics {

struct ProcessMetrics {
  double cpu_seconds = 0;          ///< user and system
  double start_time_seconds = 0;   ///< since 1970, UTC
  std::uint64_t resident_bytes = 0;
  std::uint64_t virtual_bytes = 0;
  std::uint64_t threads = 0;
  std::uint64_t open_fds = 0;
  std::uint64_t max_fds = 0;
};

/// From /proc/self; what cannot be read stays 0.
ProcessMetrics read_process();

/// In the text format, under the names that Prometheus' own clients use (process_resident_memory_bytes, ...).
std::string process_exposition(const ProcessMetrics& metrics);

}  // namespace pkg::metrics
