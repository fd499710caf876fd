#include <gtest/gtest.h>
#include <sys/syscall.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <vector>

#include "pkg/grpc/test_bed.hpp"
#include "pkg/testing/wait.hpp"

namespace pkg::grpc::testing {
namespace {

/// Whether a thread waits, and without a limit: proc(5), /proc/PID/syscall.
bool waits_without_a_limit(const std::filesystem::path& task) {
  std::ifstream file(task / "syscall");
  std::string number;
  std::vector<std::uint64_t> arguments(6);
  file >> number;
  for (auto& each : arguments) file >> std::hex >> each;
  if (!file || number == "running") return false;
  switch (std::stol(number)) {
    case SYS_epoll_wait:
    case SYS_epoll_pwait: return static_cast<std::int32_t>(arguments[3]) == -1;
    case SYS_futex: return arguments[3] == 0;
    default: return false;
  }
}

/// Of each of gRPC's callback threads.
std::vector<bool> wait_without_a_limit() {
  std::vector<bool> threads;
  for (const auto& task : std::filesystem::directory_iterator("/proc/self/task")) {
    std::string name;
    std::getline(std::ifstream(task.path() / "comm"), name);
    if (name == "nexting_thread") threads.push_back(waits_without_a_limit(task.path()));
  }
  return threads;
}

TEST(CallbackThreads, WaitWithoutALimitForWhatComes) {
#ifdef MALL_SHARED_GRPC
  GTEST_SKIP() << "a shared gRPC is left alone";
#endif
  TestBed bed;
  const auto all_do = [] {
    const auto threads = wait_without_a_limit();
    return !threads.empty() && std::ranges::all_of(threads, std::identity());
  };
  pkg::testing::wait_until(all_do, "gRPC's callback threads to wait without a limit");
  EXPECT_TRUE(bed.call(echo, "still served"));
}

}  // namespace
}  // namespace pkg::grpc::testing
