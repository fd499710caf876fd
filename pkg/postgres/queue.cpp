#include "pkg/postgres/queue.hpp"

#include <algorithm>
#include <functional>
#include <string_view>
#include <utility>

#include "pkg/postgres/statement.hpp"

namespace pkg::postgres {
namespace {

std::string for_rows(const RowStatement& statement, std::span<const Params* const> rows, const Expect& expect, Params& params) {
  params.clear();
  if (rows.size() == 1) {
    params = *rows.front();
    return with_expectation(statement.for_one(), expect, params);
  }
  for (std::size_t place = 0; place < rows.front()->size(); ++place) params.push_back(Param::column(rows, place));
  return with_expectation(statement.for_many(), expect, params);
}

}  // namespace

void Queued::prepare() {
  if (statement == nullptr) return;
  std::vector<const Params*> all;
  for (const Params& row : rows) all.push_back(&row);
  sql = for_rows(*statement, all, expect, params);
}

std::size_t RowPlaces::first_value_of(const Params& row) {
  const auto& bytes = row.front().bytes;
  return bytes ? std::hash<std::string_view>{}(*bytes) : 0;
}

std::optional<std::size_t> RowPlaces::find(const RowStatement& statement, const Params& row) const {
  const auto found = last_of_.find(&statement);
  if (found == last_of_.end() || found->second < bar_) return std::nullopt;
  const std::size_t number = found->second;
  if (const auto last = last_with_.find(first_value_of(row)); last != last_with_.end()) {
    if (last->second > number) return std::nullopt;
    if (last->second == number && statement.same_first() == RowStatement::SameFirst::apart) return std::nullopt;
  }
  return number;
}

void RowPlaces::put(const RowStatement& statement, const Params& row, std::size_t number) {
  last_of_[&statement] = number;
  last_with_[first_value_of(row)] = number;
}

void RowPlaces::clear() {
  last_of_.clear();
  last_with_.clear();
  bar_ = 0;
}

void Joint::add(std::span<const Queued> unit) {
  auto& results = results_of_.emplace_back();
  places_.bar_before(0);
  for (const Queued& each : unit) {
    if (each.statement == nullptr) {
      results.push_back({.statement = statements_.size(), .is_whole = true});
      statements_.push_back({.queued = &each, .rows = {}, .expect = {}, .sql = {}, .params = {}});
      places_.bar_before(statements_.size());
      continue;
    }
    const std::size_t place = place_for(each);
    Statement& statement = statements_[place];
    results.push_back({.statement = place, .is_whole = false, .first = statement.rows.size(), .count = each.viewers.size()});
    for (const Params& row : each.rows) {
      statement.rows.push_back(&row);
      places_.put(*each.statement, row, place);
    }
  }
}

// All of its rows or none go with those of others, so that what is expected of them goes with them.
std::size_t Joint::place_for(const Queued& rows) {
  const auto place = places_.find(*rows.statement, rows.rows.front());
  if (place && std::ranges::all_of(rows.rows, [&](const Params& row) { return places_.find(*rows.statement, row) == place; })) {
    statements_[*place].expect.add_rows_of(rows.expect);
    return *place;
  }
  statements_.push_back({.queued = &rows, .rows = {}, .expect = rows.expect, .sql = {}, .params = {}});
  return statements_.size() - 1;
}

std::vector<Command> Joint::commands() {
  std::vector<Command> commands;
  for (Statement& each : statements_) {
    if (each.rows.empty()) {
      commands.push_back({each.queued->sql, &each.queued->params});
    } else {
      each.sql = for_rows(*each.queued->statement, each.rows, each.expect, each.params);
      commands.push_back({each.sql, &each.params});
    }
  }
  return commands;
}

std::vector<Rows> Joint::take_results(std::size_t unit, std::span<Rows> results) const {
  std::vector<Rows> taken;
  for (const Place& place : results_of_[unit]) {
    Rows& all = results[place.statement];
    if (place.is_whole) {
      taken.push_back(std::move(all));
    } else {
      taken.push_back(place.count == 0 ? Rows() : all.part(place.first, place.count));
    }
  }
  return taken;
}

}  // namespace pkg::postgres
