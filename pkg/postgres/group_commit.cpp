#include "pkg/postgres/group_commit.hpp"

#include <algorithm>
#include <iterator>

#include "pkg/postgres/pool.hpp"

namespace pkg::postgres {
namespace {

GroupCommit::Member& unit_of(Gathering::Member* member) { return static_cast<GroupCommit::Member&>(*member); }

}  // namespace

GroupCommit::GroupCommit(Pool& pool, Options options)
    : pool_(pool),
      limit_on_locks_("SET LOCAL lock_timeout = " + std::to_string(options.patience.count())),
      gathering_({.most = options.most, .at_once = 1, .patience = options.patience}) {}

bool GroupCommit::commit(Member& member, const std::function<void()>& alone) {
  return gathering_.go(member, [this](std::span<Gathering::Member* const> group) { return commit_together(group); }, alone);
}

Gathering::Fate GroupCommit::commit_together(std::span<Gathering::Member* const> group) {
  const auto decide = [&](Outcome outcome, const errors::Error& error) {
    for (auto* each : group) {
      unit_of(each).outcome = outcome;
      unit_of(each).error = error;
    }
    return Gathering::Fate::decided;
  };
  auto lease = pool_.acquire();
  if (!lease) return decide(Outcome::rolled_back, lease.error());
  std::vector<Command> commands{{"BEGIN"}, {limit_on_locks_}};
  Joint joint;
  for (auto* each : group) joint.add(unit_of(each).statements);
  std::ranges::move(joint.commands(), std::back_inserter(commands));
  commands.push_back({"COMMIT"});
  Exchange exchange = lease->exchange(commands);
  if (!exchange.fault) {
    const auto results = std::span(exchange.results).subspan(2);
    for (std::size_t i = 0; i < group.size(); ++i) {
      unit_of(group[i]).results = joint.take_results(i, results);
      unit_of(group[i]).outcome = Outcome::committed;
    }
    return Gathering::Fate::decided;
  }
  const Fault& fault = *exchange.fault;
  if (leaves_commit_unknown(fault, exchange.results.size(), commands.size())) {
    pool_.log(fault, "(commit of several)");
    return decide(Outcome::unknown, commit_outcome_unknown());
  }
  if (!(*lease)->is_idle() && (*lease)->is_usable()) {
    const Command rollback{"ROLLBACK"};
    lease->exchange({&rollback, 1});
  }
  return Gathering::Fate::to_go_alone;
}

}  // namespace pkg::postgres
