#include "pkg/messaging/consumer/lane.hpp"

#include <algorithm>
#include <functional>
#include <string>
#include <utility>

namespace pkg::messaging {
namespace {

// The same for every delivery of a message; 0 where the broker does not number them.
std::uint64_t identity_of(const Delivery& delivery) {
  if (delivery.sequence == 0) return 0;
  std::uint64_t identity = std::hash<std::string>{}(delivery.message.channel);
  for (const std::uint64_t part :
       {delivery.sequence, std::uint64_t{delivery.part}, static_cast<std::uint64_t>(clock::unix_us(delivery.stored_at))}) {
    identity = identity * 31 + part;
  }
  return identity;
}

}  // namespace

void Lane::push(Delivery delivery, Time now) {
  const std::uint64_t identity = identity_of(delivery);
  std::unique_lock lock(mutex_);
  if (closed_) return;  // not acknowledged, so it goes to whoever consumes next
  if (delivery.attempt > 1 && identity != 0 && take_the_place_of_the_first(delivery, identity, now)) return;
  waiting_.push_back({std::move(delivery), identity, now});
  const bool is_first = waiting_.size() == 1;
  lock.unlock();  // else the lane would wake only to wait for it
  if (is_first) filled_.notify_one();
}

bool Lane::take_the_place_of_the_first(const Delivery& again, std::uint64_t identity, Time now) {
  const auto at_work = std::ranges::find(working_, identity, &Working::identity);
  if (at_work != working_.end()) {
    *at_work = {again.tag, identity, now};
    return true;
  }
  const auto waits = std::ranges::find(waiting_, identity, &Held::identity);
  if (waits == waiting_.end()) return false;
  waits->delivery.tag = again.tag;
  waits->last_sign = now;
  return true;
}

std::vector<Delivery> Lane::take(std::size_t limit) {
  std::unique_lock lock(mutex_);
  filled_.wait(lock, [this] { return !waiting_.empty() || closed_; });
  std::vector<Delivery> taken;
  if (abandoned_) return taken;
  const std::size_t count = std::min(limit, waiting_.size());
  taken.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    Held& first = waiting_.front();
    working_.push_back({first.delivery.tag, first.identity, first.last_sign});
    taken.push_back(std::move(first.delivery));
    waiting_.pop_front();
  }
  return taken;
}

std::vector<std::uint64_t> Lane::settle(std::vector<Delivery> taken, std::size_t count) {
  const std::scoped_lock lock(mutex_);
  std::vector<std::uint64_t> tags;
  for (std::size_t i = 0; i < count; ++i) tags.push_back(working_[i].tag);
  for (std::size_t i = taken.size(); i > count; --i) {
    const Working& undone = working_[i - 1];
    taken[i - 1].tag = undone.tag;
    waiting_.push_front({std::move(taken[i - 1]), undone.identity, undone.last_sign});
  }
  working_.clear();
  acknowledging_ = true;
  return tags;
}

void Lane::acknowledged() {
  const std::scoped_lock lock(mutex_);
  acknowledging_ = false;
  if (waiting_.empty()) emptied_.notify_all();
}

void Lane::close() {
  const std::scoped_lock lock(mutex_);
  closed_ = true;
  filled_.notify_all();
}

void Lane::abandon() {
  const std::scoped_lock lock(mutex_);
  closed_ = abandoned_ = true;
  filled_.notify_all();
  emptied_.notify_all();
}

bool Lane::wait_until_empty(Time deadline) {
  std::unique_lock lock(mutex_);
  return emptied_.wait_until(lock, deadline, [this] { return abandoned_ || (waiting_.empty() && working_.empty() && !acknowledging_); }) &&
         !abandoned_;
}

void Lane::pause(std::chrono::microseconds time) {
  std::unique_lock lock(mutex_);
  emptied_.wait_for(lock, time, [this] { return abandoned_; });
}

void Lane::collect_silent(Time now, std::chrono::milliseconds age, std::vector<std::uint64_t>& tags) {
  const std::scoped_lock lock(mutex_);
  for (auto& working : working_) {
    if (now - working.last_sign < age) continue;
    working.last_sign = now;
    tags.push_back(working.tag);
  }
  for (auto& held : waiting_) {
    if (now - held.last_sign < age) continue;
    held.last_sign = now;
    tags.push_back(held.delivery.tag);
  }
}

bool Lane::is_empty() {
  const std::scoped_lock lock(mutex_);
  return waiting_.empty() && working_.empty();
}

}  // namespace pkg::messaging
