// Prints figures, and asserts only that calls succeed: machines differ.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <fstream>
#include <thread>

#include "pkg/grpc/test_bed.hpp"

namespace pkg::grpc::testing {
namespace {

using std::chrono::steady_clock;

#if defined(MALL_SANITIZED)
constexpr int one_by_one = 200, each = 20;  // figures mean nothing there
#else
constexpr int one_by_one = 2'000, each = 500;
#endif

/// A line of /proc/self/status, such as "VmRSS:     1234 kB".
std::string process(const std::string& key) {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with(key)) return line;
  }
  return key + " unknown";
}

TEST(Speed, OfUnaryCallsOverLoopback) {
  std::printf("before  %s\n", process("VmRSS").c_str());
  TestBed bed;
  ASSERT_TRUE(bed.call(echo));
  std::printf("1 call  %s  %s\n", process("VmRSS").c_str(), process("Threads").c_str());

  std::vector<double> micros;
  for (int i = 0; i < one_by_one; ++i) {
    const auto begun = steady_clock::now();
    ASSERT_TRUE(bed.call(echo, "hello"));
    micros.push_back(std::chrono::duration<double, std::micro>(steady_clock::now() - begun).count());
  }
  std::ranges::sort(micros);
  std::printf("one after another: p50 %.0f us, p99 %.0f us\n", micros[micros.size() / 2], micros[micros.size() * 99 / 100]);

  std::atomic<int> failed = 0;
  constexpr int callers = 16;
  const auto begun = steady_clock::now();
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < callers; ++i) {
      threads.emplace_back([&] {
        for (int n = 0; n < each; ++n) failed += bed.call(echo, "hello") ? 0 : 1;
      });
    }
  }
  const std::chrono::duration<double> took = steady_clock::now() - begun;
  std::printf("%d callers: %.0f calls/s, client in the same process\n", callers, callers * each / took.count());
  std::printf("after   %s  %s\n", process("VmRSS").c_str(), process("Threads").c_str());
  EXPECT_EQ(failed, 0);
}

}  // namespace
}  // namespace pkg::grpc::testing
