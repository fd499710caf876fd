#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "tests/chaos/schedule.hpp"

namespace mall::chaos {

struct Options {
  std::uint64_t seed = 0;
  int orders = 1000;
  std::chrono::milliseconds length{120'000};  ///< over which orders and faults are spread
  Mix faults;
  int clients = 48;
  std::filesystem::path folder;
  bool keep = false;
  bool json = false;
  bool until_found = false;
  int stall_limit = 0;  ///< milliseconds; 0: none
};

/// Nothing where the program is done already, with the exit code.
std::optional<Options> read_options(int argc, char** argv, int& exit_code);

/// The command that makes the same run again.
std::string command_for(const Options& options);

}  // namespace mall::chaos
