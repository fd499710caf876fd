#include "tests/chaos/figures.hpp"

#include <algorithm>

namespace mall::chaos {

Spread spread_of(std::vector<Millis> values) {
  if (values.empty()) return {};
  std::ranges::sort(values);
  const auto at = [&](std::size_t percent) { return values[std::min(values.size() - 1, values.size() * percent / 100)]; };
  return {values.size(), at(50), at(99), values.back()};
}

Figures figures_of(const std::vector<OrderFacts>& ledger, const std::vector<Hit>& hits, Millis last_fault) {
  constexpr Millis soon_after = 1'000;
  Figures figures;
  std::vector<Millis> decisions;
  std::map<std::string, std::vector<Millis>> stalls;
  std::vector<Millis> all;
  for (const auto& order : ledger) {
    if (!order.checked_out || order.decided_at == 0) continue;
    // Where the acknowledgement was late, or came by reading, the decision may have been there before it.
    decisions.push_back(std::max<Millis>(0, order.decided_at - order.checked_out_at));
    if (order.checked_out_at <= last_fault)
      figures.slowest_after_last_fault = std::max(figures.slowest_after_last_fault, order.decided_at - last_fault);
    for (const auto& hit : hits) {
      if (hit.kind != FaultKind::kill || order.decided_at < hit.at || order.asked_at > hit.at + soon_after) continue;
      stalls[hit.target].push_back(order.decided_at - std::max(hit.at, order.asked_at));
      all.push_back(stalls[hit.target].back());
    }
  }
  figures.decision = spread_of(std::move(decisions));
  for (auto& [service, values] : stalls) figures.stalls[service] = spread_of(std::move(values));
  figures.stall = spread_of(std::move(all));
  return figures;
}

}  // namespace mall::chaos
