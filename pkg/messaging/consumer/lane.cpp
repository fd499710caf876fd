#include "pkg/messaging/consumer/lane.hpp"

#include <algorithm>
#include <utility>

namespace pkg::messaging {

void Lane::push(Delivery delivery, Time now) {
  const std::scoped_lock lock(mutex_);
  if (closed_) return;  // not acknowledged, so it goes to whoever consumes next
  waiting_.push_back({std::move(delivery), now});
  if (waiting_.size() == 1) filled_.notify_one();
}

std::vector<Delivery> Lane::take(std::size_t limit) {
  std::unique_lock lock(mutex_);
  filled_.wait(lock, [this] { return !waiting_.empty() || closed_; });
  std::vector<Delivery> taken;
  if (abandoned_) return taken;
  const std::size_t count = std::min(limit, waiting_.size());
  taken.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    working_.push_back({waiting_.front().delivery.tag, waiting_.front().last_sign});
    taken.push_back(std::move(waiting_.front().delivery));
    waiting_.pop_front();
  }
  return taken;
}

void Lane::give_back(std::vector<Delivery> taken, std::size_t count) {
  const std::scoped_lock lock(mutex_);
  for (std::size_t i = taken.size(); i > count; --i) waiting_.push_front({std::move(taken[i - 1]), working_[i - 1].last_sign});
  working_.clear();
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
  return emptied_.wait_until(lock, deadline, [this] { return abandoned_ || (waiting_.empty() && working_.empty()); });
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

}  // namespace pkg::messaging
