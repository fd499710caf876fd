#include "mallctl/audit/report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "pkg/json/json.hpp"

namespace mallctl::audit {
namespace {

constexpr std::size_t shown = 20;  ///< findings of a rule that are worth reading before the first is understood

std::string quoted(std::string_view text) {
  std::string json;
  pkg::json::write_string(text, json);
  return json;
}

std::size_t width_of_ids() {
  std::size_t width = 0;
  for (const auto& rule : all_rules()) width = std::max(width, rule.id.size());
  return width;
}

}  // namespace

std::string as_text(const std::vector<Outcome>& outcomes) {
  std::string text;
  auto out = std::back_inserter(text);
  std::size_t count = 0;
  for (const auto& outcome : outcomes) {
    count += outcome.findings.size();
    fmt::format_to(out, "{:7}  {:{}}  {:>9} checked", outcome.findings.empty() ? "ok" : "FINDING", outcome.rule->id, width_of_ids(),
                   outcome.checked);
    if (outcome.under_way > 0) fmt::format_to(out, ", {} under way", outcome.under_way);
    if (!outcome.findings.empty()) fmt::format_to(out, ", {} found", outcome.findings.size());
    text += '\n';
  }
  for (const auto& outcome : outcomes) {
    if (outcome.findings.empty()) continue;
    fmt::format_to(out, "\n{}: {}\n", outcome.rule->id, outcome.rule->says);
    for (std::size_t i = 0; i < std::min(shown, outcome.findings.size()); ++i) {
      const auto& finding = outcome.findings[i];
      fmt::format_to(out, "  {}\n    expected: {}\n    found:    {}\n", finding.subject, finding.expected, finding.found);
    }
    if (outcome.findings.size() > shown) fmt::format_to(out, "  and {} more (--json has all)\n", outcome.findings.size() - shown);
  }
  fmt::format_to(out, "\n{}\n", count == 0 ? std::string("clean") : fmt::format("{} {}", count, count == 1 ? "finding" : "findings"));
  return text;
}

std::string as_json(const std::vector<Outcome>& outcomes) {
  std::string json = fmt::format(R"({{"clean":{},"rules":[)", is_clean(outcomes));
  for (const auto& outcome : outcomes) {
    json += fmt::format(R"({}{{"id":{},"checked":{},"under_way":{},"findings":[)", json.ends_with('[') ? "" : ",", quoted(outcome.rule->id),
                        outcome.checked, outcome.under_way);
    for (const auto& finding : outcome.findings) {
      json += fmt::format(R"({}{{"subject":{},"expected":{},"found":{}}})", json.ends_with('[') ? "" : ",", quoted(finding.subject),
                          quoted(finding.expected), quoted(finding.found));
    }
    json += "]}";
  }
  return json + "]}\n";
}

std::string list_of_rules() {
  std::string text;
  for (const auto& rule : all_rules()) text += fmt::format("{:{}}  {}\n", rule.id, width_of_ids(), rule.says);
  return text;
}

}  // namespace mallctl::audit
