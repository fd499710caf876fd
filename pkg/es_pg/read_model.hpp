#pragma once
// A read model beside the events that it was made of: for an auditor.

#include <map>
#include <string>
#include <vector>

#include "pkg/ids/uuid.hpp"

namespace pkg::es_pg {

struct ReadModel {
  using Row = std::map<std::string, std::string>;  ///< what, in words, and its value as text

  std::map<ids::Uuid, Row> by_events;
  std::map<ids::Uuid, Row> in_table;  ///< may say more than the events do
  std::map<ids::Uuid, std::string> unreadable;  ///< streams with an event that nobody can read
};

struct Difference {
  ids::Uuid id;
  std::string what;
  std::string by_events;
  std::string in_table;
};

/// Where the table is not what the events make of it, in the order of the ids.
std::vector<Difference> differences(const ReadModel& model);

}  // namespace pkg::es_pg
