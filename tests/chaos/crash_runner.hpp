#pragma once
// Lets the mall's programs die at every point of a list, a few of them at a time, while the load goes on.

#include <chrono>
#include <deque>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "tests/chaos/crash_list.hpp"
#include "tests/chaos/mall_under_fire.hpp"
#include "tests/chaos/run.hpp"

namespace mall::chaos {

/// Where a program of the run finds the point it dies at, and where it writes down those it passes.
struct CrashFiles {
  explicit CrashFiles(std::filesystem::path in) : folder(std::move(in)) { std::filesystem::create_directories(folder); }
  std::filesystem::path folder;
  std::filesystem::path order(const std::string& service) const { return folder / (service + ".dies"); }
  std::filesystem::path log(const std::string& service) const { return folder / (service + ".points"); }
  /// For the programs' environments.
  std::map<std::string, std::string> environment(const std::string& service) const {
    return {{"MALL_CRASH_AT", "@" + order(service).string()}, {"MALL_CRASH_LOG", log(service).string()}};
  }
};

/// On the main thread only.
class CrashRunner {
 public:
  /// At most `at_once` services wait for their deaths at the same time; the others run, so that orders get on.
  CrashRunner(MallUnderFire& mall, Run& run, const CrashFiles& files, std::vector<Death> deaths, std::size_t at_once);

  /// Looks who has died, and arms the next.
  void step();
  bool is_done() const { return left() == 0; }
  std::size_t left() const;
  const std::vector<Death>& died() const { return died_; }

 private:
  using Time = std::chrono::steady_clock::time_point;
  struct Armed {
    Death death;
    Time since;
    int in_a_row = 0;  ///< deaths of this service before, without a pause
    bool told_to_end = false;
  };
  void arm(const std::string& service, std::optional<Death> death, int in_a_row = 0);
  void look_at(const std::string& service, Armed& armed);
  void give_up_on(const std::string& service, Armed armed);

  MallUnderFire& mall_;
  Run& run_;
  const CrashFiles& files_;
  const std::size_t at_once_;
  std::map<std::string, std::deque<Death>> queues_;
  std::map<std::string, Armed> armed_;
  std::deque<std::string> turns_;  ///< services, the next one to be armed first
  std::vector<Death> died_;
  std::ofstream took_;  ///< who died of what, and how long that took
};

}  // namespace mall::chaos
