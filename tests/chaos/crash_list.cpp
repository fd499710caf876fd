#include "tests/chaos/crash_list.hpp"

#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string_view>

namespace mall::chaos {
namespace {

std::string about(const std::string& point) { return point.substr(point.find('|') + 1); }
std::string part(const std::string& point) { return point.substr(0, point.find('|')); }

bool happens_once(const std::string& point) {
  return about(point) == "start" || about(point) == "end" || about(point) == "task taking the lead";
}

/// What is done when a database is new. The dry run has seen it, and no later start comes there again.
bool happened_once(const std::string& point) { return about(point) == "task preparation"; }

/// A call that only reads, and a message that nobody here wants, alone or in a batch: dying at it is dying at any other moment.
bool has_no_effect(const std::string& point, const Passed& passed) {
  if (part(point) == "call.done") return !passed.points.contains("unit.committed|" + about(point));
  const bool is_handling = part(point).starts_with("consumer.") || part(point).starts_with("unit.");
  return is_handling && about(point).starts_with("message ") && !passed.there.contains(about(point));
}

}  // namespace

Passed read_passed(const std::filesystem::path& log) {
  constexpr std::string_view passed = "passed ", died = "died at ", there = "is there ";
  Passed all;
  std::ifstream file(log);
  if (!file) throw std::runtime_error("there is no " + log.string() + ": were the programs built with crash points (preset faults)?");
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with(passed)) {
      ++all.points[line.substr(passed.size())];
    } else if (line.starts_with(there)) {
      all.there.insert(line.substr(there.size()));
    } else if (!line.starts_with(died)) {
      throw std::runtime_error(log.string() + " has a line that is none of a crash point: " + line);
    }
  }
  return all;
}

std::vector<std::string> not_reached(const Passed& passed) {
  std::set<std::string> left = passed.there;
  for (const auto& [point, count] : passed.points) left.erase(about(point));
  // Asked for by notifications where an order's event overtakes the one of its shopper's registration: no load can promise that.
  left.erase("call CreateServiceSession");
  return {left.begin(), left.end()};
}

std::vector<Death> deaths_of(const std::string& service, const Passed& passed) {
  std::vector<Death> deaths;
  for (const auto& [point, count] : passed.points) {
    if (has_no_effect(point, passed) || happened_once(point)) continue;
    deaths.push_back({service, point, 1});
    if (!happens_once(point)) deaths.push_back({service, point, 2});
  }
  return deaths;
}

void write_between_marks(const std::filesystem::path& page, const std::string& name, const std::string& text) {
  std::ifstream in(page);
  std::string whole(std::istreambuf_iterator<char>(in), {});
  const auto begin_mark = "<!-- " + name + " -->\n", end_mark = "<!-- /" + name + " -->";
  const auto begin = whole.find(begin_mark);
  const auto end = whole.find(end_mark, begin);
  if (begin == std::string::npos || end == std::string::npos) throw std::runtime_error(page.string() + " has no place for " + name);
  whole.replace(begin + begin_mark.size(), end - begin - begin_mark.size(), text);
  std::ofstream(page) << whole;
}

std::string as_table(const std::vector<Death>& died) {
  struct Row {
    std::set<std::string> services, about;
    int deaths = 0;
  };
  std::map<std::string, Row> rows;
  for (const auto& death : died) {
    auto& row = rows[part(death.point)];
    row.services.insert(death.service);
    row.about.insert(death.service + about(death.point));
    ++row.deaths;
  }
  std::string table = "| point | services | calls, messages and tasks | deaths |\n|---|---|---|---|\n";
  for (const auto& [name, row] : rows) {
    table += "| `" + name + "` | " + std::to_string(row.services.size()) + " | " + std::to_string(row.about.size()) + " | " +
             std::to_string(row.deaths) + " |\n";
  }
  return table + "| all | | | " + std::to_string(died.size()) + " |\n";
}

}  // namespace mall::chaos
