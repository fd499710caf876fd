#include "bench/statements.hpp"

#include <sstream>

#include "tests/chaos/sql.hpp"

namespace mall::bench {

Statements::Statements(pkg::testing::PostgresServer& postgres) : connection_(postgres.connection_string()) {
  chaos::run_sql(connection_, "alter system set shared_preload_libraries = 'pg_stat_statements'");
  postgres.restart();
  chaos::run_sql(connection_, "create extension pg_stat_statements");
  chaos::run_sql(connection_, "alter system set pg_stat_statements.track_planning = on");
  chaos::run_sql(connection_, "select pg_reload_conf()");
}

void Statements::forget() const { chaos::run_sql(connection_, "select pg_stat_statements_reset()"); }

std::vector<Statement> Statements::dearest(const testing::RunningMall& mall, int most) const {
  const auto table = chaos::run_sql(
      connection_,
      "select string_agg(format(E'%s\\t%s\\t%s\\t%s\\t%s\\t%s', datname, calls, total_exec_time + total_plan_time, plans, rows,"
      " regexp_replace(query, '\\s+', ' ', 'g')), E'\\n' order by total_exec_time + total_plan_time desc)"
      " from (select s.*, d.datname from pg_stat_statements s join pg_database d on d.oid = s.dbid where d.datname <> current_database()"  // the floor's
      "       order by total_exec_time + total_plan_time desc limit " +
          std::to_string(most) + ") dearest");
  std::vector<Statement> statements;
  std::istringstream lines(table);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream fields(line);
    Statement statement;
    std::string number;
    const auto read = [&] {
      std::getline(fields, number, '\t');
      return std::stod(number);
    };
    std::getline(fields, statement.service, '\t');
    for (const auto& service : mall.running()) {
      if (mall.database(service).name() == statement.service) statement.service = service;
    }
    statement.calls = read();
    statement.ms = read();
    statement.plans = read();
    statement.rows = read();
    std::getline(fields, statement.text);
    statements.push_back(std::move(statement));
  }
  return statements;
}

}  // namespace mall::bench
