#pragma once

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mall::bench {

struct Options {
  std::chrono::milliseconds window{60'000};  ///< of the closed loop, after a fifth of it to warm up
  std::chrono::milliseconds step{8'000};     ///< of each load of the open loop
  std::chrono::seconds floor{2};             ///< of each figure of pgbench in a round
  int floor_rounds = 2;
  std::chrono::seconds floor_around{10};     ///< of each around a figure
  int runs = 1;
  std::vector<std::string> parts;  ///< these only, all where it is empty
  bool wants(std::string_view part) const { return parts.empty() || std::ranges::find(parts, part) != parts.end(); }
  bool quick = false;    ///< every part for a moment: shows that it works, and measures nothing
  bool hold = false;     ///< fail where a figure is worse than what is to hold
  bool json = false;
  bool statements = false;  ///< show what PostgreSQL's time goes into at full load; costs some of it
  std::vector<int> buyers{16, 48, 96, 192, 384, 768};  ///< of the closed loop's steps
  std::vector<double> grow;  ///< numbers of events at which to measure again, ascending; empty: none
  std::filesystem::path history;  ///< a line is added to it for every run; empty: none

  std::string other_process;  ///< the probe's: a url of nats-server
  int messages = 500;
};

/// Nothing where the program is done already, with the exit code.
std::optional<Options> read_options(int argc, char** argv, int& exit_code);

}  // namespace mall::bench
