#include <gtest/gtest.h>
#include <linux/futex.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <limits>
#include <string>
#include <vector>

#include "pkg/grpc/test_bed.hpp"
#include "pkg/testing/wait.hpp"

namespace pkg::grpc::testing {
namespace {

constexpr double no_limit = std::numeric_limits<double>::infinity();

/// The seconds from now at which a futex wait ends: futex(2), FUTEX_WAIT_BITSET.
double seconds_until(std::uint64_t operation, std::uint64_t address_of_limit) {
  if (address_of_limit == 0) return no_limit;
  timespec limit{};
  const iovec to{&limit, sizeof limit};
  // NOLINTNEXTLINE(performance-no-int-to-ptr): the kernel reads it, not we
  const iovec from{reinterpret_cast<void*>(address_of_limit), sizeof limit};
  if (::process_vm_readv(::getpid(), &to, 1, &from, 1, 0) != sizeof limit) return 0;
  timespec now{};
  ::clock_gettime((operation & FUTEX_CLOCK_REALTIME) != 0 ? CLOCK_REALTIME : CLOCK_MONOTONIC, &now);
  return static_cast<double>(limit.tv_sec - now.tv_sec) + static_cast<double>(limit.tv_nsec - now.tv_nsec) / 1e9;
}

/// How long a thread that waits will, if nothing comes, in seconds: proc(5), /proc/PID/syscall. 0 where it does not.
double waits_for(const std::filesystem::path& task) {
  std::ifstream file(task / "syscall");
  std::string number;
  std::vector<std::uint64_t> arguments(6);
  file >> number;
  for (auto& each : arguments) file >> std::hex >> each;
  if (!file || number == "running") return 0;
  switch (std::stol(number)) {
    case SYS_epoll_wait:
    case SYS_epoll_pwait: {
      const auto limit_ms = static_cast<std::int32_t>(arguments[3]);
      return limit_ms < 0 ? no_limit : limit_ms / 1e3;
    }
    case SYS_futex: return seconds_until(arguments[1], arguments[3]);
    default: return 0;
  }
}

/// Of each thread of this name.
std::vector<double> threads_wait_for(const std::string& wanted) {
  std::vector<double> threads;
  for (const auto& task : std::filesystem::directory_iterator("/proc/self/task")) {
    std::string name;
    std::getline(std::ifstream(task.path() / "comm"), name);
    if (name == wanted) threads.push_back(waits_for(task.path()));
  }
  return threads;
}

void expect_to_wait_longer(const std::string& name, double seconds, const std::string& what) {
  const auto all_do = [&] {
    const auto threads = threads_wait_for(name);
    return !threads.empty() && std::ranges::all_of(threads, [&](double wait) { return wait > seconds; });
  };
  pkg::testing::wait_until(all_do, what);
}

TEST(RestingThreads, CallbackThreadsWaitWithoutALimitForWhatComes) {
#ifdef MALL_SHARED_GRPC
  GTEST_SKIP() << "a shared gRPC is left alone";
#endif
  TestBed bed;
  expect_to_wait_longer("nexting_thread", std::numeric_limits<double>::max(), "gRPC's callback threads to wait without a limit");
  EXPECT_TRUE(bed.call(echo, "still served"));
}

#if defined(MALL_SHARED_GRPC) || defined(MALL_OTHER_GRPC_TIMERS)
constexpr bool timers_tick = true;  // a shared gRPC is left alone, and timers that are not known are
#else
constexpr bool timers_tick = false;
#endif

TEST(RestingThreads, TheTimerThreadRestsUntilATimerIsDue) {
  if (timers_tick) GTEST_SKIP() << "they tick here";
  const TestBed bed;
  constexpr double own = 1.01;  // what it would wait at most by itself
  expect_to_wait_longer("grpc_global_tim", own, "gRPC's timer thread to wait longer than a second");
}

TEST(RestingThreads, ADeadlineThatIsSetWhileTheTimerThreadRestsComesInTime) {
  TestBed bed;
  ASSERT_TRUE(bed.call(echo));  // connected: what follows sets the call's own deadline and none that is sooner
  for (const auto wait : {std::chrono::milliseconds(50), std::chrono::milliseconds(1'500)}) {
    if (!timers_tick) expect_to_wait_longer("grpc_global_tim", 2.5, "gRPC's timer thread to rest for longer than the deadline is off");
    const auto began = std::chrono::steady_clock::now();
    const auto answer = bed.call(hold, {}, {.deadline = began + wait, .retries = 0});
    const auto took = std::chrono::steady_clock::now() - began;
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, "deadline_exceeded");
    EXPECT_GE(took, wait - std::chrono::milliseconds(5));
    EXPECT_LE(took, wait + std::chrono::milliseconds(500));
  }
  bed.gate.open();
}

TEST(RestingThreads, GrpcsOwnEngineIsNotThere) {
  TestBed bed;
  ASSERT_TRUE(bed.call(echo));
  EXPECT_TRUE(threads_wait_for("timer_manager").empty());
}

}  // namespace
}  // namespace pkg::grpc::testing
