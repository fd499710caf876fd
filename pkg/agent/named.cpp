#include "pkg/agent/named.hpp"

#include <algorithm>
#include <utility>

namespace pkg::agent {

std::vector<std::unique_ptr<Blueprint>> named(std::string_view started_as, std::vector<std::unique_ptr<Blueprint>> blueprints) {
  const auto name = started_as.substr(started_as.find_last_of('/') + 1);  // npos + 1 is 0
  const auto called_so = std::ranges::find(blueprints, name, [](const auto& blueprint) { return blueprint->service(); });
  if (called_so == blueprints.end()) return blueprints;
  std::vector<std::unique_ptr<Blueprint>> alone;
  alone.push_back(std::move(*called_so));
  return alone;
}

}  // namespace pkg::agent
