#pragma once
// What the mall and what it stands on have used so far.

#include <sys/types.h>

#include <chrono>
#include <map>
#include <string>

#include "pkg/testing/postgres_server.hpp"
#include "tests/mall/nginx.hpp"
#include "tests/mall/running_mall.hpp"

namespace mall::bench {

struct Usage {
  double commits = 0;     ///< of the whole server: transactions that wrote
  double flushes = 0;     ///< of PostgreSQL's log to disk
  double wal_bytes = 0;
  double messages = 0;    ///< that the event server has confirmed
  double records = 0;     ///< that it has stored; several messages may be one
  std::map<std::string, double> cpu_ms;  ///< "services", "postgres", "nats", "nginx", "load"

  double mall_cpu_ms() const;  ///< all but the load's
};

Usage operator-(const Usage& after, const Usage& before);
Usage operator+(const Usage& some, const Usage& more);

/// Processor time of a process and its children, of those that have ended too: a session's time would else be lost with it. Exact to the
/// system's clock tick (10 ms) for the latter.
std::chrono::nanoseconds cpu_with_children(pid_t process);

/// Reads them; not safe to call while a service starts or ends.
class Meter {
 public:
  Meter(testing::RunningMall& mall, testing::Nginx& nginx, const pkg::testing::PostgresServer& postgres)
      : mall_(mall), nginx_(nginx), postgres_(postgres) {}
  Usage read() const;
  /// Processor time of the nine services alone.
  std::chrono::nanoseconds services_cpu() const;

 private:
  testing::RunningMall& mall_;
  testing::Nginx& nginx_;
  const pkg::testing::PostgresServer& postgres_;
};

}  // namespace mall::bench
