#include "pkg/postgres/group_commit.hpp"

#include <algorithm>
#include <iterator>
#include <thread>
#include <utility>

#include "pkg/postgres/pool.hpp"

namespace pkg::postgres {
namespace {

constexpr int parted_for = 50;  // failures seldom come alone

}  // namespace

GroupCommit::GroupCommit(Pool& pool, Options options)
    : pool_(pool), options_(options), limit_on_locks_("SET LOCAL lock_timeout = " + std::to_string(options.patience.count())) {}

bool GroupCommit::commit(Member& member, const std::function<void()>& alone) {
  switch (lot_of(member)) {
    case Lot::done: return true;
    case Lot::goes_alone: alone(); return false;
    case Lot::leads: return lead(member, alone);
  }
  std::unreachable();
}

GroupCommit::Lot GroupCommit::lot_of(Member& member) {
  {
    const std::scoped_lock lock(mutex_);
    if (options_.most <= 1 || parted_ > 0) {
      if (parted_ > 0) --parted_;
      return Lot::goes_alone;
    }
    if (!std::exchange(is_under_way_, true)) return Lot::leads;
    waiting_.push_back(&member);
  }
  return await_turn(member);
}

GroupCommit::Lot GroupCommit::await_turn(Member& member) {
  {
    std::unique_lock lock(member.mutex);
    if (member.is_told.wait_for(lock, options_.patience, [&] { return member.lot.has_value(); })) return *member.lot;
  }
  std::unique_lock lock(mutex_);
  if (std::erase(waiting_, &member) > 0) {
    const auto others = part();
    lock.unlock();
    tell(others, Lot::goes_alone);
    return Lot::goes_alone;
  }
  lock.unlock();
  // It goes with others already, or is about to be told.
  std::unique_lock own(member.mutex);
  member.is_told.wait(own, [&] { return member.lot.has_value(); });
  return *member.lot;
}

bool GroupCommit::lead(Member& leader, const std::function<void()>& alone) {
  std::vector<Member*> group{&leader};
  std::this_thread::yield();  // where processors are scarce, others come as far as this first
  {
    const std::scoped_lock lock(mutex_);
    const auto count = std::min(waiting_.size(), options_.most - 1);
    const auto end = waiting_.begin() + static_cast<std::ptrdiff_t>(count);
    group.insert(group.end(), waiting_.begin(), end);
    waiting_.erase(waiting_.begin(), end);
  }
  const bool together = group.size() > 1;
  Fate fate = Fate::decided;
  if (together) {
    fate = commit_together(group);
  } else {
    alone();
  }
  Member* next = nullptr;
  std::vector<Member*> parted;
  {
    const std::scoped_lock lock(mutex_);
    if (together) {
      ++(fate == Fate::decided ? figures_.groups : figures_.undone);
      if (fate == Fate::decided) figures_.members += group.size();
    }
    if (fate == Fate::to_go_alone) parted = part();
    is_under_way_ = !waiting_.empty();
    if (is_under_way_) {
      next = waiting_.front();
      waiting_.pop_front();
    }
  }
  tell(std::span(group).subspan(1), fate == Fate::decided ? Lot::done : Lot::goes_alone);
  tell(parted, Lot::goes_alone);
  if (next != nullptr) tell(*next, Lot::leads);  // last, so that more gather until it begins
  if (fate == Fate::to_go_alone) alone();
  return together && fate == Fate::decided;
}

std::vector<GroupCommit::Member*> GroupCommit::part() {
  parted_ = parted_for;
  std::vector<Member*> waited(waiting_.begin(), waiting_.end());
  waiting_.clear();
  return waited;
}

void GroupCommit::tell(Member& member, Lot lot) {
  const std::scoped_lock lock(member.mutex);
  member.lot = lot;
  member.is_told.notify_one();  // under the lock: it is gone as soon as it knows
}

void GroupCommit::tell(std::span<Member* const> members, Lot lot) {
  for (Member* each : members) tell(*each, lot);
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
