#include "pkg/agent/start_up_memory.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <stdexcept>
#include <string>

namespace pkg::agent {
namespace {

/// KiB of files that are mapped and in memory.
long mapped() {
  std::ifstream status("/proc/self/status");
  long size = 0;
  for (std::string word; status >> word;) {
    if (word == "RssFile:") status >> size;
  }
  return size;
}

TEST(StartUpMemory, IsGivenBackAndEverythingGoesOn) {
  const auto before = mapped();
  give_back_start_up_memory();
  EXPECT_LT(mapped(), before);
  EXPECT_THROW(throw std::runtime_error(std::to_string(before)), std::runtime_error) << "tables of constants are there again";
}

}  // namespace
}  // namespace pkg::agent
