#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "mallctl/audit/books.hpp"
#include "mallctl/audit/finding.hpp"

namespace mallctl::audit {

struct Rule {
  std::string_view id;    ///< never changes: scripts and people's notes name it
  std::string_view says;  ///< what holds in a sound mall
  std::vector<Page> needs;
  void (*check)(const Books&, Verdict&);
};

/// All rules, in the order in which they are told.
const std::vector<Rule>& all_rules();
/// Null where there is none of that id.
const Rule* find_rule(std::string_view id);

// One function for each file of rules.
std::vector<Rule> rules_of_orders();
std::vector<Rule> rules_of_money();
std::vector<Rule> rules_of_gateway();
std::vector<Rule> rules_of_stock();
std::vector<Rule> rules_of_shopping();
std::vector<Rule> rules_of_events();
std::vector<Rule> rules_of_messages();
std::vector<Rule> rules_of_readers();
std::vector<Rule> rules_of_sagas();

// How things are named in findings.
/// "order 0192…"
std::string named(std::string_view what, const Uuid& id);
/// "690 EUR": minor units.
std::string money(std::int64_t minor, std::string_view currency);

}  // namespace mallctl::audit
