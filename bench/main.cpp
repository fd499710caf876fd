// `mall_bench --help` says what it does; README.md beside this file says how.

#include <gtest/gtest.h>
#include <signal.h>

#include <cstdio>
#include <exception>
#include <fstream>
#include <optional>

#include "bench/options.hpp"
#include "bench/report.hpp"
#include "bench/statements.hpp"
#include "tests/mall/crowd.hpp"

namespace mall::bench {
namespace {

using namespace std::chrono_literals;

void say(const char* what) { std::fprintf(stderr, "%s ...\n", what); }

testing::MallOptions options_of_the_mall(pkg::testing::PostgresServer& postgres) {
  // Orders go on to their end by themselves; robots are not what is measured. Who has signed in stays so while databases are made to grow.
  return {.settings = {{"PAYMENTS_AUTO_CAPTURE", "true"}, {"DEPOT_INITIAL_BOTS", "40"}, {"USERS_ACCESS_TOKEN_LIFETIME", "24h"}},
          .server = &postgres};
}

/// How the mall does with each number of buyers. The numbers are gone through up and down, lest a slow moment of the machine choose one.
std::vector<Closed> try_numbers(const Options& options, const Crowd& crowd, Approvals& approvals, const Meter& meter,
                                std::chrono::milliseconds window) {
  std::vector<std::vector<Closed>> windows(options.buyers.size());
  const auto try_one = [&](std::size_t number) {
    // Counted when orders come to their end as well: with many buyers that takes some seconds.
    windows[number].push_back(in_a_closed_loop(crowd, approvals, meter, options.buyers[number], window, window));
  };
  for (std::size_t number = 0; number < windows.size(); ++number) try_one(number);
  for (std::size_t number = options.quick ? 0 : windows.size(); number > 0; --number) try_one(number - 1);
  std::vector<Closed> tried;
  for (const auto& each : windows) tried.push_back(taken_together(each));
  return tried;
}

/// In several windows with the floor between them: the machine is faster and slower for both.
void measure_full_load(const Options& options, const Crowd& crowd, Approvals& approvals, const Meter& meter, const std::string& database,
                       Figures& figures) {
  const std::size_t windows = options.quick ? 1 : 4, most = options.quick ? 1 : 12;
  figures.row_commits.wanted = windows;
  const auto floor = [&] {
    if (!options.wants("floor")) return 0.0;
    wait_for_rest(approvals, options.quick ? 100ms : 1s);
    return measure_row_commits(database, figures.database.row_connections, options.floor_around);
  };
  const auto warm_up = std::min(options.window / 5, std::chrono::milliseconds(3s));
  figures.full = taken_together(measure_between(figures.row_commits, most, floor, [&] {
    return in_a_closed_loop(crowd, approvals, meter, full_load(figures.tried), warm_up, options.window / windows);
  }));
}

void measure_idle_latency(const Options& options, const Crowd& crowd, Approvals& approvals, const testing::RunningMall& mall,
                          const std::string& database, Figures& figures) {
  say("one order at a time");
  const auto floor = [&] {
    if (!options.wants("floor")) return 0.0;
    wait_for_rest(approvals, options.quick ? 100ms : 1s);
    return measure_handler_ms(database, options.floor_around);
  };
  const auto before = read_hops(mall);
  const auto measure = [&] { return idle_latency(crowd, approvals, options.quick ? 10 : 200); };
  figures.idle = measure_between(figures.handler_ms, options.quick ? 1 : 6, floor, measure).back();
  figures.hops = read_hops(mall) - before;
}

void measure_load(const Options& options, const Crowd& crowd, Approvals& approvals, const testing::RunningMall& mall, const Meter& meter,
                  const std::string& database, const std::optional<Statements>& statements, Figures& figures) {
  if (!options.wants("closed")) return;
  say("orders in a closed loop");
  const auto try_out = options.quick ? options.window : std::min(options.window, std::chrono::milliseconds(5s));
  figures.tried = try_numbers(options, crowd, approvals, meter, try_out);
  const auto before = read_hops(mall);
  if (statements) statements->forget();
  const auto approved = approvals.approved();
  measure_full_load(options, crowd, approvals, meter, database, figures);
  figures.hops_at_full = read_hops(mall) - before;
  constexpr int shown = 60;
  if (statements) figures.statements = statements->dearest(mall, shown);
  figures.orders_of_statements = static_cast<double>(approvals.approved() - approved);

  if (!options.grow.empty()) {
    say("growth");
    figures.growth = measure_growth(mall, crowd, approvals, meter, options.grow, figures.full.buyers, try_out);
  }

  if (!options.wants("open")) return;
  say("orders in an open loop");
  for (const double share : options.quick ? std::vector<double>{0.2, 0.5} : std::vector<double>{0.2, 0.4, 0.6, 0.8, 0.9, 1.0, 1.1, 1.2}) {
    figures.open.push_back(in_an_open_loop(crowd, approvals, std::max(1.0, share * figures.full.sustained()), options.step));
    figures.open.back().share = share;
  }
}

void measure_mall(const Options& options, pkg::testing::PostgresServer& postgres, Figures& figures) {
  std::optional<Statements> statements;
  if (options.statements) statements.emplace(postgres);
  say("the mall comes up");
  testing::RunningMall mall(options_of_the_mall(postgres));
  testing::Nginx nginx(mall);
  const Meter meter(mall, nginx, postgres);
  if (options.wants("start")) figures.start_up = start_up(mall, options.quick ? 1 : 5);
  figures.memory_idle = memory(mall);
  if (options.wants("still")) {
    say("nobody comes");
    // What a start leaves to do is done by then.
    std::this_thread::sleep_for(options.quick ? 1s : 5s);
    figures.still = look_while_idle(mall, postgres, meter, options.quick ? 2s : 15s);
  }

  const auto goods = open_stores(mall);
  const Crowd crowd{testing::a_crowd(mall, options.quick ? 8 : 48), nginx.port(), goods};
  Approvals approvals(mall.nats.url());
  if (options.wants("idle")) measure_idle_latency(options, crowd, approvals, mall, postgres.connection_string(), figures);
  measure_load(options, crowd, approvals, mall, meter, postgres.connection_string(), statements, figures);
  figures.memory_full = memory(mall);
  if (approvals.failed() > 0) throw std::runtime_error(std::to_string(approvals.failed()) + " orders were rejected or canceled");

  if (!options.wants("nginx")) return;
  say("requests through nginx");
  const int slices = options.quick ? 1 : 36;
  constexpr auto length = 500ms;
  const auto authorization = "Authorization: Bearer " + crowd.people.front().token() + "\r\n";
  std::vector<std::string> products;  // more than one, as questions for the same are answered together
  for (const auto& id : goods.products) products.push_back("/api/v1/products/" + id);
  const Asking product{.paths = std::move(products), .headers = authorization};
  const auto size = crowd.people.front().get("/products/" + goods.products.front()).body.size();
  constexpr int connections = 16;
  const Asking basket{.verb = "POST", .paths = {"/api/v1/baskets"}, .body = "{}", .headers = authorization};
  const BareNginx bare(size);
  // In turn: the machine is faster and slower for all of them.
  for (int i = 0; i < slices; ++i) {
    figures.gets += requests_per_second(nginx.port(), connections, length, product) / slices;
    figures.bare_nginx += requests_per_second(bare.port(), connections, length, {}) / slices;
    figures.posts += requests_per_second(nginx.port(), connections, length, basket) / slices;
  }
}

Figures measure(const Options& options) {
  Figures figures;
  const auto postgres = pkg::testing::PostgresServer::start_private(pkg::testing::Durability::as_delivered);
  if (options.wants("floor")) {
    say("the floor");
    figures.database = measure_database(postgres->connection_string(), options.floor, options.floor_rounds);
    figures.broker = measure_broker(options.messages);
  }
  measure_mall(options, *postgres, figures);
  return figures;
}

int run(const Options& options) {
  bool holds = true, planned_once = true;
  for (int number = 0; number < options.runs; ++number) {
    const auto figures = measure(options);
    std::fputs((options.json ? as_json(figures) : for_people(figures, options.history)).c_str(), stdout);
    std::fflush(stdout);
    if (!options.history.empty()) std::ofstream(options.history, std::ios::app) << as_json(figures);
    for (const auto& statement : figures.statements) {
      if (!statement.is_planned_each_time()) continue;
      std::fprintf(stderr, "planned each time, %s: %s\n", statement.service.c_str(), statement.text.c_str());
      planned_once = false;
    }
    holds = holds && figures.counts() && std::ranges::all_of(goals_of(figures), &Goal::holds);
  }
  // Helpers of tests were used, which complain to GoogleTest.
  if (::testing::UnitTest::GetInstance()->Failed()) return 1;
  return planned_once && (holds || !options.hold) ? 0 : 1;
}

}  // namespace
}  // namespace mall::bench

int main(int argc, char** argv) {
  ::signal(SIGPIPE, SIG_IGN);
  try {
    int exit_code = 0;
    const auto options = mall::bench::read_options(argc, argv, exit_code);
    if (!options) return exit_code;
    if (!options->other_process.empty()) return mall::bench::be_the_other_process(options->other_process, options->messages);
    return mall::bench::run(*options);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "mall_bench: %s\n", error.what());
    return 1;
  }
}
