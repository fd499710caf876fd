#include "pkg/postgres/gathering.hpp"

#include <gtest/gtest.h>

#include <array>
#include <thread>

namespace pkg::postgres {
namespace {

using namespace std::chrono_literals;

struct Work : Gathering::Member {
  std::atomic<int> together = 0, alone = 0;
};

void work_for(std::chrono::microseconds time) {
  const auto end = std::chrono::steady_clock::now() + time;
  while (std::chrono::steady_clock::now() < end) std::this_thread::yield();
}

/// Eight threads want something again and again; every seventh group fails.
void come_in_crowds(std::chrono::milliseconds patience, std::chrono::microseconds a_group_takes) {
  constexpr int threads = 8, times = 400;
  Gathering gathering({.most = 4, .at_once = 1, .patience = patience});
  std::atomic<int> groups = 0, wrong = 0;
  const auto together = [&](std::span<Gathering::Member* const> group) {
    work_for(a_group_takes);
    if (++groups % 7 == 0) return Gathering::Fate::to_go_alone;
    for (auto* each : group) ++static_cast<Work*>(each)->together;
    return Gathering::Fate::decided;
  };
  const auto come = [&] {
    for (int i = 0; i < times; ++i) {
      Work work;
      const bool went_together = gathering.go(work, together, [&] {
        ++work.alone;
        work_for(a_group_takes);
      });
      if (work.together != (went_together ? 1 : 0) || work.alone != (went_together ? 0 : 1)) ++wrong;
    }
  };
  {
    std::array<std::jthread, threads> all;
    for (auto& each : all) each = std::jthread(come);
  }
  EXPECT_EQ(wrong, 0) << "are done not at all, or twice";
  EXPECT_EQ(gathering.figures().waiting, 0U);
  EXPECT_GT(gathering.figures().undone, 0U);
}

TEST(Gathering, DoesEachOnceWhereAllAreToldInTime) { come_in_crowds(10s, 20us); }

/// Those who lose their patience and those who are told are often the same.
TEST(Gathering, DoesEachOnceWherePatienceEndsAsTheyAreTold) { come_in_crowds(1ms, 400us); }

}  // namespace
}  // namespace pkg::postgres
