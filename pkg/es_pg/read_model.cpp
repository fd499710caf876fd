#include "pkg/es_pg/read_model.hpp"

namespace pkg::es_pg {
namespace {

void compare(const ids::Uuid& id, const ReadModel::Row& by_events, const ReadModel::Row& in_table, std::vector<Difference>& found) {
  for (const auto& [what, value] : by_events) {
    const auto stored = in_table.find(what);
    const auto& there = stored == in_table.end() ? std::string() : stored->second;
    if (there != value) found.push_back({id, what, value, there});
  }
}

}  // namespace

std::vector<Difference> differences(const ReadModel& model) {
  std::vector<Difference> found;
  for (const auto& [id, row] : model.by_events) {
    const auto stored = model.in_table.find(id);
    if (const auto broken = model.unreadable.find(id); broken != model.unreadable.end()) {
      found.push_back({id, "an event", "one that can be read", broken->second});
    } else if (stored == model.in_table.end()) {
      found.push_back({id, "row", "one", "none"});
    } else {
      compare(id, row, stored->second, found);
    }
  }
  for (const auto& [id, row] : model.in_table) {
    if (!model.by_events.contains(id)) found.push_back({id, "row", "none", "one"});
  }
  return found;
}

}  // namespace pkg::es_pg
