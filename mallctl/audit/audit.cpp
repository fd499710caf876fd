#include "mallctl/audit/audit.hpp"

#include <algorithm>
#include <set>

#include "mallctl/audit/reading.hpp"
#include "mallctl/audit/suspicions.hpp"

namespace mallctl::audit {
namespace {

using pkg::errors::pass_on;
using pkg::errors::Result;

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

  std::vector<Suspicions> suspicions;
  for (const auto& verdict : *first) suspicions.emplace_back(verdict);
  for (std::size_t noted = 0;;) {
    const auto watched = means.clock.now() - began;
    std::erase_if(which, [&](std::size_t index) { return suspicions[index].are_sure(watched, request.limits); });
    if (which.empty()) break;
    std::size_t open = 0;
    for (const auto index : which) open += suspicions[index].count();
    if (std::exchange(noted, open) != open) means.note(waiting_for(open));
    means.pause(request.look_again);
    const auto again = look(request, means, which);
    if (!again) return pass_on(again);
    for (std::size_t i = 0; i < which.size(); ++i) suspicions[which[i]].look_again((*again)[i]);
  }
  std::vector<Outcome> outcomes;
  for (std::size_t i = 0; i < request.rules.size(); ++i) {
    const auto& verdict = (*first)[i];
    outcomes.push_back({.rule = request.rules[i],
                        .checked = verdict.count_checked(),
                        .under_way = verdict.count_under_way() + suspicions[i].vanished(),
                        .findings = suspicions[i].findings()});
  }
  return outcomes;
}

bool is_clean(const std::vector<Outcome>& outcomes) {
  return std::ranges::all_of(outcomes, [](const Outcome& outcome) { return outcome.findings.empty(); });
}

}  // namespace mallctl::audit
