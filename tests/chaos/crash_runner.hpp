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

/// Where a program of the run finds the points it may die at, and where it writes down those it passes.
struct CrashFiles {
  explicit CrashFiles(std::filesystem::path in) : folder(std::move(in)) { std::filesystem::create_directories(folder); }
  std::filesystem::path folder;
  std::filesystem::path order(const std::string& service) const { return folder / (service + ".dies"); }
  std::filesystem::path log(const std::string& service) const { return folder / (service + ".points"); }
  /// For the programs' environments.
  std::map<std::string, std::string> environment(const std::string& service) const {
    return {{"MALL_CRASH_AT", "@" + order(service).string()},
            {"MALL_CRASH_LOG", log(service).string()},
            // What comes twice a minute would be waited for.
            {"BASKETS_EXPIRY_INTERVAL", "500ms"},
            {"COSEC_HOUSEKEEPING_INTERVAL", "500ms"},
            {"PAYMENTS_EXPIRY_INTERVAL", "500ms"}};
  }
};

/// On the main thread only. A service is given all that is left for it: it dies at whatever it reaches first, and is started again
/// with the rest, so that nothing waits for what is rare while there is anything else.
class CrashRunner {
 public:
  /// At most `at_once` services wait for their deaths at the same time; the others run, so that orders get on.
  CrashRunner(MallUnderFire& mall, Run& run, const CrashFiles& files, std::vector<Death> deaths, std::size_t at_once);

  /// Looks who has died, and arms the next.
  void step();
  bool is_done() const;
  const std::vector<Death>& died() const { return died_; }

 private:
  using Time = std::chrono::steady_clock::time_point;
  struct Armed {
    Time since;
    int in_a_row = 0;  ///< deaths of this service before, without a pause
    bool told_to_end = false;
  };
  void start(const std::string& service, const std::vector<Death>& fatal);
  void arm(const std::string& service, int in_a_row);
  void let_run(const std::string& service);
  bool is_at_its_end(const std::string& service) const;
  void look_at(const std::string& service, Armed& armed);
  std::optional<std::string> read_death(const std::string& service);
  void note_death(const std::string& service, int status, Time since);
  void give_up_on(const std::string& service);

  MallUnderFire& mall_;
  Run& run_;
  const CrashFiles& files_;
  const std::size_t at_once_;
  std::map<std::string, std::vector<Death>> left_;  ///< by service; those of its end are its last
  std::map<std::string, Armed> armed_;
  std::map<std::string, std::streamoff> read_up_to_;  ///< of each service's log
  std::deque<std::string> turns_;                     ///< services, the next one to be armed first
  Time last_wipe_{};
  std::vector<Death> died_;
  std::ofstream took_;  ///< who died of what, and how long that took
};

}  // namespace mall::chaos
