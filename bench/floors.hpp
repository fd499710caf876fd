#pragma once
// What PostgreSQL alone can do on this machine, by pgbench: the floor that the mall's figures are held against.

#include <chrono>
#include <string>
#include <vector>

namespace mall::bench {

/// The floor right before and right after each time that a figure was measured; 0 where it was not asked for.
struct FloorAround {
  struct Pair {
    double before = 0, after = 0;
    /// As a share of what it was before.
    double moved() const;
    /// Else what was measured between them counts for nothing.
    bool agrees() const { return moved() <= 0.1; }
  };
  std::size_t wanted = 1;  ///< how many are to agree
  std::vector<Pair> pairs;
  bool is_taken() const { return mean() > 0; }
  /// Whether as many as wanted agree, or nothing was measured.
  bool counts() const;
  /// Of those that agree; of all where too few do.
  double mean() const;
};

/// Measures until there is enough between floors that agree, and gives up after so many times. What counts; all where too little does.
template <class Floor, class Measure>
auto measure_between(FloorAround& around, std::size_t most, Floor floor, Measure measure) {
  std::vector<decltype(measure())> all, counting;
  double before = floor();
  while (counting.size() < around.wanted && all.size() < most) {
    all.push_back(measure());
    const double after = floor();
    around.pairs.push_back({before, after});
    if (around.pairs.back().agrees()) counting.push_back(all.back());
    before = after;
  }
  return around.counts() ? counting : all;
}

struct DatabaseFloor {
  double row_commits = 0;     ///< one-row inserts a second, each committed: the most that any number of connections gave
  int row_connections = 0;    ///< that number
  double row_ms = 0;          ///< one such commit on one connection
  double handler_ms = 0;      ///< what one message costs (inbox, event, row, outbox), in one round trip on one connection
  double handlers = 0;        ///< of those a second, the most
  int handler_connections = 0;
};

/// In the database of this connection string, which is left as it was: each figure for so long, round after round, and the mean of the
/// rounds, because the machine is faster and slower from one second to the next. Throws std::runtime_error with pgbench's words.
DatabaseFloor measure_database(const std::string& connection_string, std::chrono::seconds each, int rounds);
/// Its row_commits alone, of so many connections.
double measure_row_commits(const std::string& connection_string, int connections, std::chrono::seconds length);
/// Its handler_ms alone.
double measure_handler_ms(const std::string& connection_string, std::chrono::seconds length);

}  // namespace mall::bench
