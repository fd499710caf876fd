#include "pkg/testing/ports.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <set>
#include <vector>

namespace pkg::testing {
namespace {

// Enough programs with enough ports that, did they not know of each other, some would be given the same: they begin anywhere.
TEST(FreePort, IsGivenToOneProgramAtATime) {
  constexpr std::size_t programs = 12, ports = 1'000;
  std::array<int, 2> stay{};
  ASSERT_EQ(::pipe(stay.data()), 0);
  std::vector<pid_t> children;
  std::vector<int> outputs;
  for (std::size_t i = 0; i < programs; ++i) {
    std::array<int, 2> output{};
    ASSERT_EQ(::pipe(output.data()), 0);
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      ::close(stay[1]);
      std::array<std::uint16_t, ports> mine{};
      for (auto& port : mine) port = free_port();
      const auto written = ::write(output[1], mine.data(), sizeof mine);
      char none = 0;
      ::_exit(written == sizeof mine && ::read(stay[0], &none, 1) == 0 ? 0 : 1);  // as long as the others
    }
    ::close(output[1]);
    children.push_back(child);
    outputs.push_back(output[0]);
  }
  std::set<std::uint16_t> given;
  for (const int output : outputs) {
    std::array<std::uint16_t, ports> theirs{};
    EXPECT_EQ(::read(output, theirs.data(), sizeof theirs), static_cast<ssize_t>(sizeof theirs));
    given.insert(theirs.begin(), theirs.end());
    ::close(output);
  }
  ::close(stay[1]);
  ::close(stay[0]);
  for (const pid_t child : children) {
    int status = -1;
    ::waitpid(child, &status, 0);
    EXPECT_EQ(status, 0);
  }
  EXPECT_EQ(given.size(), programs * ports) << "some were given twice";
}

}  // namespace
}  // namespace pkg::testing
