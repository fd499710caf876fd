#include "pkg/postgres/gathering.hpp"

#include <semaphore.h>

#include <algorithm>
#include <cerrno>
#include <ctime>
#include <thread>
#include <utility>

namespace pkg::postgres {
namespace {

constexpr int parted_for = 50;  // failures seldom come alone

}  // namespace

/// What a thread waits with. Of its own, because those who are told together would else queue up at one mutex as soon as they wake; and a
/// semaphore of the system's, because a condition variable's waiter asks the system to wake somebody once more when it lets its mutex go.
struct Gathering::Ear {
  Ear() { ::sem_init(&told, 0, 0); }
  ~Ear() { ::sem_destroy(&told); }
  Ear(const Ear&) = delete;
  Ear& operator=(const Ear&) = delete;

  void wait() {
    while (::sem_wait(&told) != 0 && errno == EINTR) {
    }
  }
  bool wait_for(std::chrono::nanoseconds patience) {
    timespec end{};
    ::clock_gettime(CLOCK_MONOTONIC, &end);
    const auto at = std::chrono::seconds(end.tv_sec) + std::chrono::nanoseconds(end.tv_nsec) + patience;
    const auto whole = std::chrono::floor<std::chrono::seconds>(at);
    end = {.tv_sec = whole.count(), .tv_nsec = (at - whole).count()};
    int failed = 0;
    do failed = ::sem_clockwait(&told, CLOCK_MONOTONIC, &end);
    while (failed != 0 && errno == EINTR);
    return failed == 0;
  }
  void tell() { ::sem_post(&told); }

  sem_t told;
};

const std::shared_ptr<Gathering::Ear>& Gathering::ear_of_this_thread() {  // shared with its members and those who tell them
  thread_local const auto ear = std::make_shared<Ear>();  // shared in the same way
  return ear;
}

bool Gathering::go(Member& member, const Together& together, const std::function<void()>& alone) {
  switch (lot_of(member)) {
    case Lot::done: return true;
    case Lot::goes_alone: alone(); return false;
    case Lot::leads: return lead(member, together, alone);
  }
  std::unreachable();
}

Gathering::Lot Gathering::lot_of(Member& member) {
  {
    const std::scoped_lock lock(mutex_);
    if (options_.most <= 1 || parted_ > 0) {
      if (parted_ > 0) --parted_;
      return Lot::goes_alone;
    }
    if (under_way_ < options_.at_once) {
      ++under_way_;
      return Lot::leads;
    }
    waiting_.push_back(&member);
  }
  return await_turn(member);
}

Gathering::Lot Gathering::await_turn(Member& member) {
  if (member.ear_->wait_for(options_.patience)) return member.lot_;
  std::unique_lock lock(mutex_);
  if (std::erase(waiting_, &member) > 0) {
    const auto others = part();
    lock.unlock();
    tell(others, Lot::goes_alone);
    return Lot::goes_alone;
  }
  lock.unlock();
  member.ear_->wait();  // it goes with others already, or is about to be told
  return member.lot_;
}

bool Gathering::lead(Member& leader, const Together& together, const std::function<void()>& alone) {
  std::vector<Member*> group{&leader};
  std::this_thread::yield();  // where processors are scarce, others come as far as this first
  {
    const std::scoped_lock lock(mutex_);
    const auto count = std::min(waiting_.size(), options_.most - 1);
    const auto end = waiting_.begin() + static_cast<std::ptrdiff_t>(count);
    group.insert(group.end(), waiting_.begin(), end);
    waiting_.erase(waiting_.begin(), end);
  }
  const bool is_group = group.size() > 1;
  Fate fate = Fate::decided;
  if (is_group) {
    fate = together(group);
  } else {
    alone();
  }
  Member* next = nullptr;
  std::vector<Member*> parted;
  {
    const std::scoped_lock lock(mutex_);
    if (is_group) {
      ++(fate == Fate::decided ? figures_.groups : figures_.undone);
      if (fate == Fate::decided) figures_.members += group.size();
    }
    if (fate == Fate::to_go_alone) parted = part();
    if (waiting_.empty()) {
      --under_way_;
    } else {
      next = waiting_.front();
      waiting_.pop_front();
    }
  }
  tell(std::span(group).subspan(1), fate == Fate::decided ? Lot::done : Lot::goes_alone);
  tell(parted, Lot::goes_alone);
  if (next != nullptr) tell(*next, Lot::leads);  // last, so that more gather until it begins
  if (fate == Fate::to_go_alone) alone();
  return is_group && fate == Fate::decided;
}

std::vector<Gathering::Member*> Gathering::part() {
  parted_ = parted_for;
  std::vector<Member*> waited(waiting_.begin(), waiting_.end());
  waiting_.clear();
  return waited;
}

void Gathering::tell(Member& member, Lot lot) {
  const auto ear = member.ear_;
  member.lot_ = lot;
  ear->tell();
}

void Gathering::tell(std::span<Member* const> members, Lot lot) {
  for (Member* each : members) tell(*each, lot);
}

Gathering::Figures Gathering::figures() const {
  const std::scoped_lock lock(mutex_);
  Figures now = figures_;
  now.waiting = waiting_.size();
  return now;
}

}  // namespace pkg::postgres
