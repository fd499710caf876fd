#pragma once
// Makes the schedule happen.

#include <filesystem>
#include <fstream>
#include <map>
#include <queue>
#include <string>
#include <vector>

#include "tests/chaos/mall_under_fire.hpp"
#include "tests/chaos/run.hpp"
#include "tests/chaos/schedule.hpp"

namespace mall::chaos {

/// A fault that was made: when, by the clock of this machine.
struct Hit {
  FaultKind kind;
  std::string target;
  Millis at = 0;
};

/// On the main thread only.
class FaultRunner {
 public:
  /// What hit when is written to `file`, one JSON object a line. `orders` are begun in all.
  FaultRunner(MallUnderFire& mall, Run& run, std::vector<Fault> schedule, int orders, const std::filesystem::path& file);

  /// Makes what is due, and says when to come again (at most 50 ms later).
  std::chrono::steady_clock::time_point step();
  bool is_done() const { return next_ == schedule_.size() && ends_.empty(); }
  /// Ends what still is broken.
  void mend_all();

  const std::vector<Hit>& hits() const { return hits_; }

 private:
  using Time = std::chrono::steady_clock::time_point;
  struct End {
    Time at;
    Fault fault;
    bool operator>(const End& other) const { return at > other.at; }
  };
  bool is_due(const Fault& fault) const;
  void make(const Fault& fault);
  void hit(const Fault& fault);
  void end(const Fault& fault);
  void look_for_the_dead();

  MallUnderFire& mall_;
  Run& run_;
  const std::vector<Fault> schedule_;
  const int orders_;
  std::ofstream file_;
  const Time begin_ = std::chrono::steady_clock::now();
  std::size_t next_ = 0;
  std::priority_queue<End, std::vector<End>, std::greater<>> ends_;
  std::map<std::string, int> broken_;  ///< how many faults of some length hold a target now
  std::vector<Hit> hits_;
};

}  // namespace mall::chaos
