#pragma once
// Everything that one run has measured, and what is to hold of it.

#include <map>
#include <string>
#include <vector>

#include "bench/floors.hpp"
#include "bench/growth.hpp"
#include "bench/hops.hpp"
#include "bench/idle.hpp"
#include "bench/load.hpp"
#include "bench/probes.hpp"

namespace mall::bench {

/// A statement of one service at full load.
struct Statement {
  std::string service, text;
  double calls = 0, ms = 0, rows = 0;  ///< in all, planning included
  double plans = 0;                    ///< how often it was planned

  /// A plan costs several times what such statements cost. The first few of a session are planned anyway, hence so many calls.
  bool is_planned_each_time() const { return calls >= 100 && plans > calls / 2; }
};

struct Figures {
  DatabaseFloor database;    ///< before the mall comes up
  FloorAround row_commits;   ///< a second, around full load: what capacity is held against
  FloorAround handler_ms;    ///< around the orders that come one at a time: what their latency is held against
  BrokerFloor broker;
  double bare_nginx = 0;  ///< requests a second that it passes on
  double gets = 0;        ///< GET of a product a second through the mall's nginx
  double posts = 0;       ///< new baskets a second
  Spread idle;
  Hops hops;  ///< of the orders that idle latency was measured with
  std::vector<Closed> tried;
  Closed full;
  std::vector<Statement> statements;  ///< the dearest first, where they were asked for
  double orders_of_statements = 0;    ///< approved while these were counted, warm-ups included
  Hops hops_at_full;
  std::vector<Open> open;
  std::vector<Grown> growth;
  Idle still;
  std::map<std::string, double> memory_idle, memory_full;  ///< MiB by service
  std::map<std::string, double> start_up;                  ///< ms by service

  /// Whether the floor stood still around enough of what was measured.
  bool counts() const { return row_commits.counts() && handler_ms.counts(); }
  /// Of an order that passes 13 messages and 14 commits one after the other until it is approved.
  double order_floor_ms() const;
};

/// One line of the table of what is to hold.
struct Goal {
  std::string id;    ///< for JSON and the history
  std::string what;
  double value = 0;
  std::string unit;
  double hold = 0, aim = 0;
  bool less_is_better = true;

  bool holds() const { return less_is_better ? value <= hold : value >= hold; }
  bool reaches_aim() const { return less_is_better ? value <= aim : value >= aim; }
  /// How many times as good it would have to be.
  double distance_to_aim() const { return less_is_better ? value / aim : aim / value; }
};

/// Of what was measured.
std::vector<Goal> goals_of(const Figures& figures);

}  // namespace mall::bench
