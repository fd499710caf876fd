#include "bench/floors.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <map>
#include <stdexcept>
#include <tuple>
#include <utility>

#include "pkg/testing/poll.hpp"
#include "pkg/testing/process.hpp"
#include "tests/chaos/sql.hpp"

namespace mall::bench {
namespace {

namespace fs = std::filesystem;
using chaos::run_sql;
using namespace std::chrono_literals;

// Four tables and six index entries, as a service has them.
constexpr const char* make_tables = R"(
create schema floor;
create table floor.row_only (id bigserial primary key, payload text not null);
create table floor.inbox (message_id uuid primary key, received_at timestamptz not null default now());
create table floor.events (aggregate_id uuid not null, version bigint not null, type text not null, payload bytea not null,
                           position bigserial, primary key (aggregate_id, version));
create index on floor.events (position);
create table floor.things (id uuid primary key, version bigint not null, state text not null);
create table floor.outbox (seq bigserial primary key, channel text not null, key text not null, payload bytea not null);
insert into floor.things select ('00000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, 0, 'open' from generate_series(1, 10000) n;
)";

constexpr const char* one_row =
    "insert into floor.row_only (payload) values ('a row of a hundred bytes or so, as small as rows go in a mall');\n";

constexpr const char* one_message = R"(\set thing random(1, 10000)
\startpipeline
begin;
insert into floor.inbox (message_id) values (gen_random_uuid());
insert into floor.events (aggregate_id, version, type, payload) values (gen_random_uuid(), 1, 'mall.Happened', decode(repeat('ab', 150), 'hex'));
update floor.things set version = version + 1 where id = ('00000000-0000-7000-8000-' || lpad(:thing::text, 12, '0'))::uuid;
insert into floor.outbox (channel, key, payload) values ('mallbots.floor.events', 'a key', decode(repeat('ab', 150), 'hex'));
commit;
\endpipeline
)";

class Pgbench {
 public:
  Pgbench(std::string connection, std::chrono::seconds each) : connection_(std::move(connection)), each_(each) {
    std::string made = (fs::temp_directory_path() / "mall-floor-XXXXXX").string();
    if (::mkdtemp(made.data()) == nullptr) throw std::runtime_error("no temporary folder");
    folder_ = made;
    run_sql(connection_, make_tables);
  }
  ~Pgbench() {
    run_sql(connection_, "set client_min_messages = warning; drop schema floor cascade");
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
  }

  struct Rate {
    double per_second = 0;
    double ms = 0;
  };
  Rate run(const char* script, int connections) {
    const auto file = folder_ / "script.sql";
    std::ofstream(file) << script;
    const auto log = folder_ / "output";
    fs::remove(log);
    pkg::testing::Process pgbench({.words = {"pgbench", "-n", "-M", "extended", "-f", file.string(), "-c", std::to_string(connections),
                                             "-j", connections > 1 ? "2" : "1", "-T", std::to_string(each_.count()), connection_},
                                   .environment = {},
                                   .folder = folder_,
                                   .log = log});
    pgbench.start();
    const bool ended = pkg::testing::poll_until([&] { return !pgbench.is_running(); }, each_ + 60s);
    const auto output = pgbench.log();
    if (!ended || pgbench.stop() != 0) throw std::runtime_error("pgbench: " + output);
    return {number_behind(output, "tps = "), number_behind(output, "latency average = ")};
  }

 private:
  static double number_behind(const std::string& text, const std::string& words) {
    const auto at = text.find(words);
    if (at == std::string::npos) throw std::runtime_error("pgbench says nothing of '" + words + "': " + text);
    return std::stod(text.substr(at + words.size()));
  }

  const std::string connection_;
  const std::chrono::seconds each_;
  fs::path folder_;
};

}  // namespace

double FloorAround::Pair::moved() const { return before == after ? 0 : std::abs(after - before) / before; }

bool FloorAround::counts() const {
  return pairs.empty() || static_cast<std::size_t>(std::ranges::count_if(pairs, &Pair::agrees)) >= wanted;
}

double FloorAround::mean() const {
  double sum = 0, count = 0;
  for (const auto& pair : pairs) {
    if (counts() && !pair.agrees()) continue;
    sum += (pair.before + pair.after) / 2;
    ++count;
  }
  return count == 0 ? 0 : sum / count;
}

DatabaseFloor measure_database(const std::string& connection_string, std::chrono::seconds each, int rounds) {
  Pgbench pgbench(connection_string, each);
  DatabaseFloor floor;
  std::map<int, double> rows, handlers;  // a second, by connections
  for (int i = 0; i < rounds; ++i) {
    floor.row_ms += pgbench.run(one_row, 1).ms / rounds;
    floor.handler_ms += pgbench.run(one_message, 1).ms / rounds;
    for (const int connections : {16, 32}) rows[connections] += pgbench.run(one_row, connections).per_second / rounds;
    for (const int connections : {4, 16}) handlers[connections] += pgbench.run(one_message, connections).per_second / rounds;
  }
  std::tie(floor.row_connections, floor.row_commits) = *std::ranges::max_element(rows, {}, &std::pair<const int, double>::second);
  std::tie(floor.handler_connections, floor.handlers) = *std::ranges::max_element(handlers, {}, &std::pair<const int, double>::second);
  return floor;
}

double measure_row_commits(const std::string& connection_string, int connections, std::chrono::seconds length) {
  return Pgbench(connection_string, length).run(one_row, connections).per_second;
}

double measure_handler_ms(const std::string& connection_string, std::chrono::seconds length) {
  return Pgbench(connection_string, length).run(one_message, 1).ms;
}

}  // namespace mall::bench
