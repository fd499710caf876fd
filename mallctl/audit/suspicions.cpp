#include "mallctl/audit/suspicions.hpp"

#include <algorithm>
#include <set>

namespace mallctl::audit {

Suspicions::Suspicions(const Verdict& first) : held_(first.suspicions()) {}

void Suspicions::look_again(const Verdict& verdict) {
  std::set<Finding> seen;
  for (const auto& suspicion : verdict.suspicions()) seen.insert(suspicion.finding);
  vanished_ += static_cast<std::uint64_t>(std::erase_if(held_, [&](const auto& one) { return !seen.contains(one.finding); }));
  ++looks_;
}

bool Suspicions::are_sure(pkg::clock::Duration watched, const Limits& limits) const {
  if (held_.empty()) return true;
  const bool has_to_last = std::ranges::any_of(held_, &Verdict::Suspicion::has_to_last);
  return looks_ > 1 && (!has_to_last || watched >= limits.within);
}

std::vector<Finding> Suspicions::findings() const {
  std::vector<Finding> findings;
  for (const auto& one : held_) findings.push_back(one.finding);
  return findings;
}

}  // namespace mallctl::audit
