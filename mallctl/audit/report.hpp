#pragma once

#include <string>
#include <vector>

#include "mallctl/audit/audit.hpp"

namespace mallctl::audit {

/// For people: a line for each rule, then what was found, of each rule the first few.
std::string as_text(const std::vector<Outcome>& outcomes);
/// For scripts: {"clean":…,"rules":[{"id","checked","under_way","findings":[{"subject","expected","found"}]}]}; all findings.
std::string as_json(const std::vector<Outcome>& outcomes);
/// The rules and what they say.
std::string list_of_rules();

}  // namespace mallctl::audit
