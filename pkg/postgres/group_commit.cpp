#include "pkg/postgres/group_commit.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "pkg/postgres/pool.hpp"

namespace pkg::postgres {
namespace {

constexpr int parted_for = 50;  // failures seldom come alone

}  // namespace

GroupCommit::GroupCommit(Pool& pool, Options options)
    : pool_(pool), options_(options), limit_on_locks_("SET LOCAL lock_timeout = " + std::to_string(options.patience.count())) {}

bool GroupCommit::commit(Member& member, const std::function<void()>& alone) {
  std::unique_lock lock(mutex_);
  if (options_.most <= 1 || parted_ > 0) {
    if (parted_ > 0) --parted_;
    lock.unlock();
    alone();
    return false;
  }
  if (is_under_way_) {
    waiting_.push_back(&member);
    if (!member.changed.wait_for(lock, options_.patience, [&] { return member.state != State::waits; })) {
      std::erase(waiting_, &member);
      part();
      member.state = State::goes_alone;
    }
    member.changed.wait(lock, [&] { return member.state != State::taken; });
    if (member.state == State::done) return true;
    if (member.state == State::goes_alone) {
      lock.unlock();
      alone();
      return false;
    }
  }
  is_under_way_ = true;
  const auto group = gather(member);
  lock.unlock();
  const bool together = group.size() > 1;
  Fate fate = Fate::decided;
  if (together) {
    fate = commit_together(group);
  } else {
    alone();
  }
  lock.lock();
  for (Member* each : group) send_away(*each, fate == Fate::decided ? State::done : State::goes_alone);
  if (together) {
    ++(fate == Fate::decided ? figures_.groups : figures_.undone);
    if (fate == Fate::decided) figures_.members += group.size();
  }
  if (fate == Fate::to_go_alone) part();
  pass_turn();
  lock.unlock();
  if (fate == Fate::to_go_alone) alone();
  return together && fate == Fate::decided;
}

std::vector<GroupCommit::Member*> GroupCommit::gather(Member& leader) {
  std::vector<Member*> group{&leader};
  leader.state = State::leads;
  while (!waiting_.empty() && group.size() < options_.most) {
    waiting_.front()->state = State::taken;
    group.push_back(waiting_.front());
    waiting_.pop_front();
  }
  return group;
}

void GroupCommit::send_away(Member& member, State state) {
  member.state = state;
  member.changed.notify_one();  // under the lock: it is gone as soon as it knows
}

void GroupCommit::part() {
  parted_ = parted_for;
  for (Member* each : std::exchange(waiting_, {})) send_away(*each, State::goes_alone);
}

void GroupCommit::pass_turn() {
  is_under_way_ = !waiting_.empty();
  if (waiting_.empty()) return;
  Member* next = waiting_.front();
  waiting_.pop_front();
  send_away(*next, State::leads);
}

GroupCommit::Fate GroupCommit::commit_together(std::span<Member* const> group) {
  const auto decide = [&](Outcome outcome, const errors::Error& error) {
    for (Member* each : group) {
      each->outcome = outcome;
      each->error = error;
    }
    return Fate::decided;
  };
  auto lease = pool_.acquire();
  if (!lease) return decide(Outcome::rolled_back, lease.error());
  std::vector<Command> commands{{"BEGIN"}, {limit_on_locks_}};
  Joint joint;
  for (const Member* each : group) joint.add(each->statements);
  std::ranges::move(joint.commands(), std::back_inserter(commands));
  commands.push_back({"COMMIT"});
  Exchange exchange = lease->exchange(commands);
  if (!exchange.fault) {
    const auto results = std::span(exchange.results).subspan(2);
    for (std::size_t i = 0; i < group.size(); ++i) {
      group[i]->results = joint.take_results(i, results);
      group[i]->outcome = Outcome::committed;
    }
    return Fate::decided;
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
  return Fate::to_go_alone;
}

GroupCommit::Figures GroupCommit::figures() const {
  const std::scoped_lock lock(mutex_);
  Figures now = figures_;
  now.waiting = waiting_.size();
  return now;
}

}  // namespace pkg::postgres
