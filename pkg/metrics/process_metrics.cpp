#include "pkg/metrics/process_metrics.hpp"

#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string_view>
#include <vector>

namespace pkg::metrics {
namespace {

std::string read_file(const char* path) {
  std::ifstream in(path);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

double boot_time_seconds() {
  const auto text = read_file("/proc/stat");
  const auto at = text.find("btime ");
  return at == std::string::npos ? 0 : std::strtod(text.c_str() + at + 6, nullptr);
}

std::uint64_t count_open_fds() {
  std::error_code fault;
  std::uint64_t count = 0;
  for (std::filesystem::directory_iterator it("/proc/self/fd", fault), end; !fault && it != end; it.increment(fault)) ++count;
  return count > 0 ? count - 1 : 0;  // without the one that reads the directory
}

}  // namespace

ProcessMetrics read_process() {
  ProcessMetrics metrics;
  // proc(5): the second field is the program's name in parentheses and may hold anything, so counting starts behind the last ")".
  const auto stat = read_file("/proc/self/stat");
  const auto name_end = stat.rfind(')');
  if (name_end != std::string::npos) {
    std::istringstream fields(stat.substr(name_end + 1));
    const std::vector<std::string> words{std::istream_iterator<std::string>(fields), {}};
    const auto field = [&](std::size_t number) { return number - 3 < words.size() ? std::strtod(words[number - 3].c_str(), nullptr) : 0; };
    const auto ticks = static_cast<double>(sysconf(_SC_CLK_TCK));
    metrics.cpu_seconds = (field(14) + field(15)) / ticks;
    metrics.threads = static_cast<std::uint64_t>(field(20));
    metrics.start_time_seconds = boot_time_seconds() + field(22) / ticks;
    metrics.virtual_bytes = static_cast<std::uint64_t>(field(23));
    metrics.resident_bytes = static_cast<std::uint64_t>(field(24)) * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
  }
  metrics.open_fds = count_open_fds();
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) == 0) metrics.max_fds = limit.rlim_cur;
  return metrics;
}

std::string process_exposition(const ProcessMetrics& metrics) {
  std::string out;
  const auto add = [&](std::string_view name, std::string_view type, std::string_view help, auto value) {
    fmt::format_to(std::back_inserter(out), "# HELP {0} {1}\n# TYPE {0} {2}\n{0} {3}\n", name, help, type, value);
  };
  add("process_cpu_seconds_total", "counter", "User and system CPU time spent, in seconds.", metrics.cpu_seconds);
  add("process_resident_memory_bytes", "gauge", "Resident memory, in bytes.", metrics.resident_bytes);
  add("process_virtual_memory_bytes", "gauge", "Virtual memory, in bytes.", metrics.virtual_bytes);
  add("process_threads", "gauge", "Number of threads.", metrics.threads);
  add("process_open_fds", "gauge", "Number of open file descriptors.", metrics.open_fds);
  add("process_max_fds", "gauge", "Largest allowed number of open file descriptors.", metrics.max_fds);
  add("process_start_time_seconds", "gauge", "Start time of the process since 1970 in UTC, in seconds.", metrics.start_time_seconds);
  return out;
}

}  // namespace pkg::metrics
