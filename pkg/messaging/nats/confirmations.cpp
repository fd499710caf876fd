#include "pkg/messaging/nats/confirmations.hpp"

#include <utility>

namespace pkg::messaging::nats {

std::uint64_t Confirmations::add(Broker::Published published, Time deadline) {
  const std::scoped_lock lock(mutex_);
  waiting_.push_back({std::move(published), deadline});
  return first_ + waiting_.size() - 1;
}

Broker::Published Confirmations::take(std::uint64_t token) {
  const std::scoped_lock lock(mutex_);
  if (token < first_ || token - first_ >= waiting_.size()) return nullptr;
  auto published = std::exchange(waiting_[token - first_].published, nullptr);
  drop_taken();
  return published;
}

std::vector<Broker::Published> Confirmations::take_expired(Time now) {
  const std::scoped_lock lock(mutex_);
  std::vector<Broker::Published> expired;
  while (!waiting_.empty() && waiting_.front().deadline <= now) {
    expired.push_back(std::exchange(waiting_.front().published, nullptr));
    drop_taken();
  }
  return expired;
}

std::optional<Confirmations::Time> Confirmations::next_deadline() const {
  const std::scoped_lock lock(mutex_);
  return waiting_.empty() ? std::nullopt : std::optional(waiting_.front().deadline);
}

void Confirmations::drop_taken() {
  while (!waiting_.empty() && waiting_.front().published == nullptr) {
    waiting_.pop_front();
    ++first_;
  }
}

}  // namespace pkg::messaging::nats
