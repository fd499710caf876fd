#pragma once
// What the mall costs when nobody comes, how much memory it has, and how long it takes to come up.

#include <chrono>
#include <map>
#include <string>

#include "bench/usage.hpp"

namespace mall::bench {

struct Idle {
  std::map<std::string, double> statements_a_second;  ///< by service, everything that PostgreSQL was told
  double cores = 0;                                    ///< of the nine services together
  double worst() const;
};

/// Looks for so long. PostgreSQL logs every statement meanwhile.
Idle look_while_idle(const testing::RunningMall& mall, const pkg::testing::PostgresServer& postgres, const Meter& meter,
                     std::chrono::seconds length);

/// Resident, in MiB, by service.
std::map<std::string, double> memory(testing::RunningMall& mall);

/// From exec to ready, in ms, the database being there and migrated; the middle one of so many times, by service.
std::map<std::string, double> start_up(testing::RunningMall& mall, int times);

double sum(const std::map<std::string, double>& values);
double most(const std::map<std::string, double>& values);

}  // namespace mall::bench
