#include "tests/chaos/report.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>

namespace mall::chaos {
namespace {

namespace json = boost::json;

std::map<std::string, int> count(const std::vector<Hit>& hits) {
  std::map<std::string, int> counts;
  for (const auto& hit : hits) ++counts[std::string(name_of(hit.kind))];
  return counts;
}

std::string list(const std::map<std::string, int>& counts) {
  std::string text;
  for (const auto& [name, number] : counts) text += fmt::format("{}{} {}", text.empty() ? "" : ", ", number, name);
  return text.empty() ? "none" : text;
}

std::string show(const Spread& spread) {
  return fmt::format("p50 {} ms, p99 {} ms, slowest {} ms ({} orders)", spread.p50, spread.p99, spread.most, spread.count);
}

json::object to_json(const Spread& spread) {
  return {{"count", spread.count}, {"p50", spread.p50}, {"p99", spread.p99}, {"most", spread.most}};
}

json::object to_json(const std::map<std::string, int>& counts) {
  json::object object;
  for (const auto& [name, number] : counts) object[name] = number;
  return object;
}

}  // namespace

std::string for_people(const Outcome& outcome) {
  const auto& [options, hits, figures, checked, audited, unknown, strays, seconds, findings] = outcome;
  std::string text = fmt::format("seed {}: {} orders in {} s, {} requests whose outcome had to be found out, {} stray messages\n",
                                 options.seed, checked.orders, seconds, unknown, strays);
  text += fmt::format("  faults     {}\n", list(count(hits)));
  text += fmt::format("  orders     {}\n", list(checked.states));
  if (!checked.rejections.empty()) text += fmt::format("  rejected   {}\n", list(checked.rejections));
  text += fmt::format("  money      {}.{:02d} sold, {}.{:02d} captured\n", checked.sold_cents / 100, checked.sold_cents % 100,
                      checked.captured_cents / 100, checked.captured_cents % 100);
  text += fmt::format("  decided    {} after the checkout's acknowledgement\n", show(figures.decision));
  text += fmt::format("  last fault the slowest order that was acknowledged before it was decided {} ms after it\n",
                      figures.slowest_after_last_fault);
  if (figures.stall.count > 0) text += fmt::format("  a killed service stalls orders on their way: {}\n", show(figures.stall));
  for (const auto& [service, spread] : figures.stalls) text += fmt::format("    {:13} {}\n", service, show(spread));
  text += fmt::format("  audit      {}\n", audited.summary);
  constexpr std::size_t most_shown = 40;
  for (std::size_t i = 0; i < std::min(most_shown, findings.size()); ++i) text += "FOUND: " + findings[i] + "\n";
  if (findings.size() > most_shown) text += fmt::format("… and {} more\n", findings.size() - most_shown);
  return text;
}

std::string as_json(const Outcome& outcome) {
  json::object stalls;
  for (const auto& [service, spread] : outcome.figures.stalls) stalls[service] = to_json(spread);
  json::array findings;
  for (const auto& finding : outcome.findings) findings.emplace_back(finding);
  const json::object whole{{"clean", outcome.findings.empty()},
                           {"seed", outcome.options.seed},
                           {"orders", outcome.checked.orders},
                           {"seconds", outcome.seconds},
                           {"unknownOutcomes", outcome.unknown},
                           {"strays", outcome.strays},
                           {"faults", to_json(count(outcome.hits))},
                           {"states", to_json(outcome.checked.states)},
                           {"rejections", to_json(outcome.checked.rejections)},
                           {"soldCents", outcome.checked.sold_cents},
                           {"capturedCents", outcome.checked.captured_cents},
                           {"decision", to_json(outcome.figures.decision)},
                           {"slowestAfterLastFault", outcome.figures.slowest_after_last_fault},
                           {"stall", to_json(outcome.figures.stall)},
                           {"stalls", stalls},
                           {"findings", findings},
                           {"again", command_for(outcome.options)}};
  return json::serialize(whole) + "\n";
}

}  // namespace mall::chaos
