#pragma once
// What PostgreSQL alone can do on this machine, by pgbench: the floor that the mall's figures are held against.

#include <chrono>
#include <string>
#include <vector>

namespace mall::bench {

/// A floor that was taken right before a figure, between its windows and right after it.
struct FloorAround {
  std::vector<double> values;
  /// 0 where it was not taken.
  double mean() const;
  /// From the first to the last, as a share of the first; 0 where it was not taken.
  double moved() const;
};

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
