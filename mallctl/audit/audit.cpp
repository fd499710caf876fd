#include "mallctl/audit/audit.hpp"

#include <algorithm>
#include <set>

#include "mallctl/audit/reading.hpp"

namespace mallctl::audit {
namespace {

using pkg::errors::pass_on;
using pkg::errors::Result;

/// What does not fit, of one rule.
struct Suspicions {
  struct Held {
    Verdict::Suspicion suspicion;
    int looks = 1;
  };
  std::vector<Held> held;
  std::uint64_t vanished = 0;

  bool all_sure(pkg::clock::Duration watched, const Limits& limits) const {
    return std::ranges::all_of(held,
                               [&](const Held& one) { return one.looks > 1 && (!one.suspicion.has_to_last || watched >= limits.within); });
  }

  /// Keeps those that are still there; new ones are for the next audit, or this would never end in a busy mall.
  void look_again(const Verdict& verdict) {
    std::set<Finding> seen;
    for (const auto& suspicion : verdict.suspicions()) seen.insert(suspicion.finding);
    vanished += static_cast<std::uint64_t>(std::erase_if(held, [&](const Held& one) { return !seen.contains(one.suspicion.finding); }));
    for (auto& one : held) ++one.looks;
  }
};

Result<std::vector<Verdict>> look(const Request& request, const Means& means, const std::vector<std::size_t>& which) {
  std::set<Page> pages;
  for (const auto index : which) pages.insert(request.rules[index]->needs.begin(), request.rules[index]->needs.end());
  const auto now = means.clock.now();  // before anything is read: what is younger than this look is under way
  const auto books = read_books(means.databases, means.subscribers, pages);
  if (!books) return pass_on(books);
  std::vector<Verdict> verdicts;
  for (const auto index : which) {
    verdicts.emplace_back(now, request.limits);
    request.rules[index]->check(*books, verdicts.back());
  }
  return verdicts;
}

std::string waiting_for(std::size_t count) {
  return std::to_string(count) + (count == 1 ? " thing does" : " things do") + " not fit; looking again";
}

}  // namespace

Result<std::vector<Outcome>> audit(const Request& request, const Means& means) {
  std::vector<std::size_t> which;
  for (std::size_t i = 0; i < request.rules.size(); ++i) which.push_back(i);
  const auto first = look(request, means, which);
  if (!first) return pass_on(first);
  const auto began = means.clock.now();

  std::vector<Outcome> outcomes;
  std::vector<Suspicions> suspicions(request.rules.size());
  for (const auto index : which) {
    const auto& verdict = (*first)[index];
    outcomes.push_back({request.rules[index], verdict.count_checked(), verdict.count_under_way(), {}});
    for (const auto& suspicion : verdict.suspicions()) suspicions[index].held.push_back({suspicion});
  }
  for (std::size_t noted = 0;;) {
    const auto watched = means.clock.now() - began;
    std::erase_if(which, [&](std::size_t index) { return suspicions[index].all_sure(watched, request.limits); });
    if (which.empty()) break;
    std::size_t open = 0;
    for (const auto index : which) open += suspicions[index].held.size();
    if (std::exchange(noted, open) != open) means.note(waiting_for(open));
    means.pause(request.look_again);
    const auto again = look(request, means, which);
    if (!again) return pass_on(again);
    for (std::size_t i = 0; i < which.size(); ++i) suspicions[which[i]].look_again((*again)[i]);
  }
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    outcomes[i].under_way += suspicions[i].vanished;
    for (auto& one : suspicions[i].held) outcomes[i].findings.push_back(std::move(one.suspicion.finding));
  }
  return outcomes;
}

bool is_clean(const std::vector<Outcome>& outcomes) {
  return std::ranges::all_of(outcomes, [](const Outcome& outcome) { return outcome.findings.empty(); });
}

}  // namespace mallctl::audit
