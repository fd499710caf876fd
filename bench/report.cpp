#include "bench/report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <cmath>
#include <fstream>
#include <optional>

namespace mall::bench {
namespace {

namespace json = boost::json;

std::string show(const Spread& spread) {
  return fmt::format("p50 {:.1f} ms, p90 {:.1f}, p99 {:.1f}, slowest {:.1f} ({} of them)", spread.p50, spread.p90, spread.p99, spread.most,
                     spread.count);
}

std::string show(const DatabaseFloor& floor) {
  return fmt::format(
      "{:.0f} one-row commits a second at {} connections ({:.2f} ms at one), {:.0f} messages' transactions at {} ({:.2f} ms)",
      floor.row_commits, floor.row_connections, floor.row_ms, floor.handlers, floor.handler_connections, floor.handler_ms);
}

std::string show(const char* what, const char* unit, const FloorAround& floor, int digits) {
  if (!floor.is_taken()) return {};
  std::string text = fmt::format("  {:<10} {:.{}f} {}:", what, floor.mean(), digits, unit);
  const char* separator = "";
  for (const auto& pair : floor.pairs) {
    text += fmt::format("{} {:.{}f} and {:.{}f}", std::exchange(separator, ","), pair.before, digits, pair.after, digits);
    if (!pair.agrees()) text += fmt::format(" (moved by {:.0f} %, does not count)", pair.moved() * 100);
  }
  return text + "\n";
}

std::string by_service(const std::map<std::string, double>& values) {
  std::string text;
  for (const auto& [service, value] : values) text += fmt::format("{}{} {:.1f}", text.empty() ? "" : ", ", service, value);
  return text;
}

std::string show(const Hops& hops) {
  std::string text = fmt::format("    {:<10}{:>10}{:>10}{:>10}{:>10}{:>10}\n", "", "messages", "mean ms", "p50", "p90", "p99");
  for (const auto* name : {"publish", "broker", "queue", "handler"}) {
    const auto found = hops.find(name);
    if (found == hops.end()) continue;
    const auto& hop = found->second;
    text += fmt::format("    {:<10}{:>10.0f}{:>10.3f}{:>10.3f}{:>10.3f}{:>10.3f}\n", name, hop.count(), hop.mean() * 1000,
                        hop.quantile(0.5) * 1000, hop.quantile(0.9) * 1000, hop.quantile(0.99) * 1000);
  }
  if (const auto batch = hops.find("batch"); batch != hops.end())
    text += fmt::format("    {:.2f} messages in a batch, on average\n", batch->second.mean());
  return text;
}

std::string show_used(const Closed& closed) {
  const auto each = [&](double used) { return closed.orders == 0 ? 0 : used / closed.orders; };
  std::string text = fmt::format(
      "    an order costs {:.1f} commits, {:.2f} flushes to disk, {:.1f} messages in {:.1f} records, {:.1f} KiB of PostgreSQL's log,\n",
      each(closed.used.commits), each(closed.used.flushes), each(closed.used.messages), each(closed.used.records),
      each(closed.used.wal_bytes) / 1024);
  text += fmt::format("    and {:.2f} ms of processor time:", each(closed.used.mall_cpu_ms()));
  for (const auto& [part, ms] : closed.used.cpu_ms) text += fmt::format(" {} {:.2f}", part, each(ms));
  return text + "\n";
}

std::string show(const std::vector<Grown>& growth) {
  if (growth.empty()) return {};
  std::string text = fmt::format("Growth\n  {:>10}{:>10}{:>10}{:>14}{:>9}{:>16}{:>14}{:>17}\n", "events", "orders", "products",
                                 "open baskets", "MiB", "idle p50 ms", "orders a s", "ms of an order");
  for (const auto& each : growth) {
    text += fmt::format("  {:>10.0f}{:>10.0f}{:>10.0f}{:>14.0f}{:>9.0f}{:>16.1f}{:>14.1f}{:>17.2f}\n", each.size.events, each.size.orders,
                        each.size.products, each.size.open_baskets, each.size.mib, each.idle.p50, each.load.sustained(),
                        each.load.used.mall_cpu_ms() / std::max(each.load.orders, 1.0));
  }
  return text + "\n";
}

/// The last run's goals in the history, if there is one.
json::object last_of(const std::filesystem::path& history) {
  std::ifstream in(history);
  std::string last;
  for (std::string line; std::getline(in, line);) {
    if (!line.empty()) last = line;
  }
  boost::system::error_code error;
  const auto value = json::parse(last, error);
  if (error || !value.is_object()) return {};
  const auto* goals = value.as_object().if_contains("goals");
  return goals != nullptr && goals->is_object() ? goals->as_object() : json::object{};
}

std::string show_goals(const std::vector<Goal>& goals, const json::object& before) {
  std::string text = fmt::format("  {:<64}{:>18}{:>9}{:>9}{:>9}  {}\n", "", "measured", "to hold", "to aim", "before", "");
  for (const auto& goal : goals) {
    const auto* last = before.if_contains(goal.id);
    const auto verdict = goal.reaches_aim() ? "reaches its aim"
                         : goal.holds()     ? fmt::format("holds; {:.2f} x from its aim", goal.distance_to_aim())
                                            : std::string("DOES NOT HOLD");
    text += fmt::format("  {:<64}{:>18}{:>9}{:>9}{:>9}  {}\n", goal.what, fmt::format("{:.3g} {}", goal.value, goal.unit), goal.hold,
                        goal.aim, last != nullptr ? fmt::format("{:.3g}", last->to_number<double>()) : "", verdict);
  }
  return text;
}

json::object to_json(const Spread& spread) {
  return {{"count", spread.count}, {"p50", spread.p50}, {"p90", spread.p90}, {"p99", spread.p99}, {"most", spread.most}};
}

json::object to_json(const DatabaseFloor& floor) {
  return {{"rowCommits", floor.row_commits}, {"rowConnections", floor.row_connections},
          {"rowMs", floor.row_ms},           {"handlerMs", floor.handler_ms},
          {"handlers", floor.handlers},      {"handlerConnections", floor.handler_connections}};
}

json::array to_json(const FloorAround& floor) {
  json::array pairs;
  for (const auto& pair : floor.pairs)
    pairs.push_back(json::object{{"before", pair.before}, {"after", pair.after}, {"counts", pair.agrees()}});
  return pairs;
}

json::object to_json(const std::map<std::string, double>& values) {
  json::object object;
  for (const auto& [name, value] : values) object[name] = value;
  return object;
}

json::object to_json(const Hops& hops) {
  json::object object;
  for (const auto& [name, hop] : hops) {
    object[name] = json::object{
        {"count", hop.count()}, {"mean", hop.mean()}, {"p50", hop.quantile(0.5)}, {"p90", hop.quantile(0.9)}, {"p99", hop.quantile(0.99)}};
  }
  return object;
}

json::object to_json(const Closed& closed) {
  return {{"buyers", closed.buyers},
          {"approvedPerSecond", closed.approved},
          {"completedPerSecond", closed.completed},
          {"orders", closed.orders},
          {"backlogBefore", closed.backlog_before},
          {"backlogAfter", closed.backlog_after},
          {"latency", to_json(closed.latency)},
          {"commits", closed.used.commits},
          {"flushes", closed.used.flushes},
          {"messages", closed.used.messages},
          {"records", closed.used.records},
          {"walBytes", closed.used.wal_bytes},
          {"cpuMs", to_json(closed.used.cpu_ms)}};
}

}  // namespace

std::string picture_of_the_knee(const std::vector<Open>& steps) {
  if (steps.empty()) return {};
  constexpr int rows = 12;
  const auto height = [](double ms) { return std::log10(std::max(ms, 1.0)); };
  double top = 1;
  for (const auto& step : steps) top = std::max(top, height(step.latency.p99));
  std::string text;
  for (int row = rows; row >= 0; --row) {
    const auto level = top * row / rows;
    text += fmt::format("  {:>8.0f} ms |", std::pow(10, level));
    for (const auto& step : steps) {
      const auto at = [&](double ms) { return static_cast<int>(std::lround(height(ms) / top * rows)) == row; };
      text += fmt::format("{:>7}", at(step.latency.p99) && at(step.latency.p50) ? "*"
                                   : at(step.latency.p99)                       ? "9"
                                   : at(step.latency.p50)                       ? "5"
                                                                                : "");
    }
    text += "\n";
  }
  text += fmt::format("  {:>11} +{}\n  {:>11}  ", "", std::string(steps.size() * 7, '-'), "");
  for (const auto& step : steps) text += fmt::format("{:>6.0f}%", step.share * 100);
  return text + "   of the capacity (5: p50, 9: p99)\n";
}

std::string for_people(const Figures& figures, const std::filesystem::path& history) {
  std::string text = "The floor\n";
  text += fmt::format("  postgres   {}\n", show(figures.database));
  text += show("an order", "ms of a message's transaction around it", figures.handler_ms, 3);
  text += show("full load", "one-row commits a second around its windows", figures.row_commits, 0);
  if (!figures.counts()) text += "             THE FLOOR MOVED BY MORE THAN 10 % AGAIN AND AGAIN: this run counts for nothing\n";
  text += fmt::format("  nats       to another process {}; {:.0f} published a second\n", show(figures.broker.to_another_process),
                      figures.broker.published);
  text += fmt::format("  nginx      passes on {:.0f} requests a second\n", figures.bare_nginx);
  text += fmt::format("  an order   13 messages and 14 commits one after the other: {:.1f} ms\n\n", figures.order_floor_ms());
  text += fmt::format("One order at a time: checkout to approved\n  {}\n  its messages:\n{}\n", show(figures.idle), show(figures.hops));
  text += "Closed loop\n";
  for (const auto& each : figures.tried)
    text += fmt::format("  {:>3} buyers  {:.0f} approved a second, {:.2f} ms of processor time each, {}\n", each.buyers, each.approved,
                        each.used.mall_cpu_ms() / std::max(each.orders, 1.0), show(each.latency));
  text +=
      fmt::format("  {:>3} buyers  {:.1f} approved and {:.1f} completed a second; {:.0f} on their way before, {:.0f} after\n    {}\n{}{}\n",
                  figures.full.buyers, figures.full.approved, figures.full.completed, figures.full.backlog_before,
                  figures.full.backlog_after, show(figures.full.latency), show_used(figures.full), show(figures.hops_at_full));
  for (const auto& statement : figures.statements)
    text += fmt::format("  {:>7.2f} ms of an order, {:>6.2f} calls of {:.3f} ms, planned {:.0f} %  {:<13} {}\n",
                        statement.ms / std::max(figures.orders_of_statements, 1.0),
                        statement.calls / std::max(figures.orders_of_statements, 1.0), statement.ms / std::max(statement.calls, 1.0),
                        100 * statement.plans / std::max(statement.calls, 1.0), statement.service, statement.text.substr(0, 150));
  text += show(figures.growth);
  text += "Open loop\n";
  for (const auto& step : figures.open)
    text += fmt::format("  {:>4.0f} % ({:>5.1f} a second)  {}{}\n", step.share * 100, step.per_second, show(step.latency),
                        step.open > 0 ? fmt::format("; {} NOT DECIDED", step.open) : "");
  text += picture_of_the_knee(figures.open);
  text += fmt::format("\nThrough nginx  {:.0f} GET of a product a second, {:.0f} new baskets a second\n", figures.gets, figures.posts);
  text += fmt::format("Memory (MiB)   idle: {}\n               after full load: {}\n", by_service(figures.memory_idle),
                      by_service(figures.memory_full));
  text += fmt::format("Start-up (ms)  {}\n", by_service(figures.start_up));
  text += fmt::format("Idle           statements a second: {}; {:.2f} % of a core\n\n", by_service(figures.still.statements_a_second),
                      figures.still.cores * 100);
  return text + show_goals(goals_of(figures), last_of(history));
}

std::string as_json(const Figures& figures) {
  json::object goals, holds;
  for (const auto& goal : goals_of(figures)) {
    goals[goal.id] = goal.value;
    holds[goal.id] = goal.holds();
  }
  json::array tried, open, growth;
  for (const auto& each : figures.tried) tried.push_back(to_json(each));
  for (const auto& each : figures.growth)
    growth.push_back(json::object{{"events", each.size.events},
                                  {"orders", each.size.orders},
                                  {"products", each.size.products},
                                  {"openBaskets", each.size.open_baskets},
                                  {"mib", each.size.mib},
                                  {"idle", to_json(each.idle)},
                                  {"load", to_json(each.load)}});
  for (const auto& step : figures.open)
    open.push_back(
        json::object{{"share", step.share}, {"perSecond", step.per_second}, {"latency", to_json(step.latency)}, {"open", step.open}});
  return json::serialize(json::object{
             {"at", std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch()).count()},
             {"goals", goals},
             {"holds", holds},
             {"database", to_json(figures.database)},
             {"rowCommitsAroundFullLoad", to_json(figures.row_commits)},
             {"handlerMsAroundIdle", to_json(figures.handler_ms)},
             {"counts", figures.counts()},
             {"orderFloorMs", figures.order_floor_ms()},
             {"broker",
              json::object{{"toAnotherProcess", to_json(figures.broker.to_another_process)}, {"published", figures.broker.published}}},
             {"bareNginx", figures.bare_nginx},
             {"gets", figures.gets},
             {"posts", figures.posts},
             {"idle", to_json(figures.idle)},
             {"hops", to_json(figures.hops)},
             {"hopsAtFull", to_json(figures.hops_at_full)},
             {"tried", tried},
             {"full", to_json(figures.full)},
             {"growth", growth},
             {"open", open},
             {"memoryIdle", to_json(figures.memory_idle)},
             {"memoryFull", to_json(figures.memory_full)},
             {"startUp", to_json(figures.start_up)},
             {"idleStatements", to_json(figures.still.statements_a_second)},
             {"idleCores", figures.still.cores}}) +
         "\n";
}

}  // namespace mall::bench
