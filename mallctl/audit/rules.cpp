#include "mallctl/audit/rules.hpp"

#include <algorithm>

namespace mallctl::audit {

bool Order::was(std::string_view step) const {
  return std::ranges::any_of(history, [&](const Step& one) { return one.status == step; });
}

const std::vector<Rule>& all_rules() {
  static const std::vector<Rule> rules = [] {
    std::vector<Rule> all;
    for (auto* group : {rules_of_orders, rules_of_money, rules_of_gateway, rules_of_stock, rules_of_shopping, rules_of_sagas,
                        rules_of_readers, rules_of_events, rules_of_messages}) {
      for (auto& rule : group()) all.push_back(std::move(rule));
    }
    return all;
  }();
  return rules;
}

const Rule* find_rule(std::string_view id) {
  for (const auto& rule : all_rules()) {
    if (rule.id == id) return &rule;
  }
  return nullptr;
}

std::string named(std::string_view what, const Uuid& id) { return std::string(what) + " " + id.to_string(); }
std::string money(std::int64_t minor, std::string_view currency) { return std::to_string(minor) + " " + std::string(currency); }

}  // namespace mallctl::audit
