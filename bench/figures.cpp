#include "bench/figures.hpp"

#include <utility>

namespace mall::bench {
namespace {

// Of the saga's six steps that send a command: 2S+1 messages and 2S+2 commits, each after the other.
constexpr double messages_in_a_row = 13;
constexpr double commits_in_a_row = 14;
/// What DESIGN counts an order as, where orders are compared with commits.
constexpr double messages_of_an_order = 15;

double per_order(double used, const Closed& closed) { return closed.orders == 0 ? 0 : used / closed.orders; }

}  // namespace

double Figures::order_floor_ms() const { return commits_in_a_row * handler_ms.mean() + messages_in_a_row * broker.to_another_process.p50; }

std::vector<Goal> goals_of(const Figures& figures) {
  std::vector<Goal> goals;
  const auto add = [&](bool is_measured, Goal goal) {
    if (is_measured) goals.push_back(std::move(goal));
  };
  const bool has_load = figures.full.seconds > 0;
  add(figures.idle.count > 0 && figures.handler_ms.is_taken(),
      {"idle_latency", "checkout to approved, idle, p50, against the floor of an order", figures.idle.p50 / figures.order_floor_ms(), "x",
       3, 1.25, true});
  add(has_load && figures.row_commits.is_taken(),
      {"capacity", "orders a second x 15 messages, against one-row commits a second",
       figures.full.sustained() * messages_of_an_order / figures.row_commits.mean(), "", 0.25, 0.5, false});
  add(has_load, {"commits_per_order", "commits of an order at full load (" + std::to_string(figures.full.buyers) + " buyers)",
                 per_order(figures.full.used.commits, figures.full), "", 6, 0.5, true});
  add(!figures.memory_idle.empty(),
      {"memory_idle", "resident memory of nine services, idle", sum(figures.memory_idle), "MiB", 180, 100, true});
  add(has_load, {"memory_full", "the same after full load", sum(figures.memory_full), "MiB", 300, 200, true});
  add(!figures.start_up.empty(), {"start_up", "the slowest service from exec to ready", most(figures.start_up), "ms", 250, 40, true});
  add(figures.bare_nginx > 0,
      {"get_product", "GET product through nginx, against nginx' own proxying", figures.gets / figures.bare_nginx, "", 0.25, 0.5, false});
  const bool was_still = !figures.still.statements_a_second.empty();
  add(was_still, {"idle_statements", "statements a second of the busiest service, idle", figures.still.worst(), "", 2, 1, true});
  add(was_still, {"idle_cpu", "processor time of nine services, idle", figures.still.cores * 100, "% of a core", 1, 0.5, true});
  return goals;
}

}  // namespace mall::bench
