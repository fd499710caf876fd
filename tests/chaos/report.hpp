#pragma once
// What a run says at its end.

#include <string>

#include "tests/chaos/audit.hpp"
#include "tests/chaos/check.hpp"
#include "tests/chaos/figures.hpp"
#include "tests/chaos/options.hpp"

namespace mall::chaos {

struct Outcome {
  Options options;
  std::vector<Hit> hits = {};
  Figures figures = {};
  Checked checked = {};
  Audited audited = {};
  int unknown = 0;     ///< requests whose outcome had to be found out
  int strays = 0;      ///< messages that nobody in the mall has sent
  Millis seconds = 0;  ///< of the load
  std::vector<std::string> findings = {};
};

std::string for_people(const Outcome& outcome);
std::string as_json(const Outcome& outcome);

}  // namespace mall::chaos
