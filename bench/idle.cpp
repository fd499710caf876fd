#include "bench/idle.hpp"

#include <algorithm>
#include <sstream>
#include <stdexcept>
#include <thread>
#include <vector>

#include "bench/spread.hpp"
#include "pkg/testing/poll.hpp"
#include "tests/chaos/http.hpp"
#include "tests/chaos/sql.hpp"
#include "tests/mall/crowd.hpp"

namespace mall::bench {
namespace {

using namespace std::chrono_literals;

/// Every statement in PostgreSQL's log, behind the name of its database, for as long as this is there.
class LoggedStatements {
 public:
  explicit LoggedStatements(const pkg::testing::PostgresServer& postgres) : connection_(postgres.connection_string()) {
    set("alter system set log_line_prefix = 'database=%d '");
    set("alter system set log_statement = 'all'");
    set("select pg_reload_conf()");
  }
  ~LoggedStatements() {
    set("alter system reset log_statement");
    set("alter system reset log_line_prefix");
    set("select pg_reload_conf()");
  }
  LoggedStatements(const LoggedStatements&) = delete;
  LoggedStatements& operator=(const LoggedStatements&) = delete;

 private:
  void set(const std::string& statement) const { chaos::run_sql(connection_, statement); }
  const std::string connection_;
};

std::map<std::string, double> statements_by_database(const std::string& log) {
  std::map<std::string, double> counts;
  std::istringstream lines(log);
  const std::string prefix = "database=";
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with(prefix)) continue;
    if (line.find("LOG:  statement:") == std::string::npos && line.find("LOG:  execute ") == std::string::npos) continue;
    ++counts[line.substr(prefix.size(), line.find(' ') - prefix.size())];
  }
  return counts;
}

double seconds_to_ready(testing::RunningMall& mall, const std::string& service) {
  mall.process(service).stop(30s);
  const auto began = Clock::now();
  mall.process(service).start();
  const auto is_ready = [&] { return chaos::Http(mall.http_port(service)).ask("GET", "/readiness", {}, {}, 1s).status == 200; };
  while (!is_ready()) {
    if (Clock::now() - began > 30s) throw std::runtime_error(service + " is not ready after 30 s: " + mall.process(service).log());
    std::this_thread::sleep_for(500us);
  }
  return std::chrono::duration<double>(Clock::now() - began).count();
}

}  // namespace

double sum(const std::map<std::string, double>& values) {
  double total = 0;
  for (const auto& [name, value] : values) total += value;
  return total;
}

double most(const std::map<std::string, double>& values) {
  double highest = 0;
  for (const auto& [name, value] : values) highest = std::max(highest, value);
  return highest;
}

double Idle::worst() const { return most(statements_a_second); }

Idle look_while_idle(const testing::RunningMall& mall, const pkg::testing::PostgresServer& postgres, const Meter& meter,
                     std::chrono::seconds length) {
  const LoggedStatements logged(postgres);
  const auto before = statements_by_database(postgres.log());
  const auto cpu = meter.services_cpu();
  const auto began = Clock::now();
  std::this_thread::sleep_for(length);
  const auto seconds = std::chrono::duration<double>(Clock::now() - began).count();
  Idle idle;
  idle.cores = std::chrono::duration<double>(meter.services_cpu() - cpu).count() / seconds;
  const auto after = statements_by_database(postgres.log());
  for (const auto& service : mall.running()) {
    const auto& name = mall.database(service).name();
    const auto count = [&](const auto& counts) { return counts.contains(name) ? counts.at(name) : 0; };
    idle.statements_a_second[service] = (count(after) - count(before)) / seconds;
  }
  return idle;
}

std::map<std::string, double> memory(testing::RunningMall& mall) {
  std::map<std::string, double> resident;
  for (const auto& service : mall.running())
    resident[service] = static_cast<double>(testing::memory_of(mall.process(service).pid()).resident) / 1024;
  return resident;
}

std::map<std::string, double> start_up(testing::RunningMall& mall, int times) {
  std::map<std::string, double> middle;
  for (const auto& service : mall.running()) {
    std::vector<double> took;
    for (int i = 0; i < times; ++i) took.push_back(seconds_to_ready(mall, service) * 1000);
    std::ranges::sort(took);
    middle[service] = took[took.size() / 2];
  }
  return middle;
}

}  // namespace mall::bench
