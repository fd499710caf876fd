#include "pkg/messaging/consumer/consumer.hpp"

#include <functional>
#include <utility>

#include "pkg/faults/crash_point.hpp"

namespace pkg::messaging {

Consumer::Consumer(Broker& broker, BatchHandler& handler, ConsumerOptions options, Parked parked, MessagingListener& listener)
    : options_(std::move(options)), handler_(handler), parked_(std::move(parked)), listener_(listener) {
  SubscribeTo what = options_.subscription;
  for (const auto type : handler_.types()) what.types.emplace_back(type);
  for (std::size_t i = 0; i < options_.lanes; ++i) lanes_.push_back(std::make_unique<Lane>());
  subscription_ = broker.subscribe(std::move(what), [this](Delivery delivery) {
    const auto now = std::chrono::steady_clock::now();
    if (delivery.attempt == 1 && delivery.stored_at != clock::TimePoint{}) {
      delivery.received_at = now;
      listener_.took(Hop::broker, std::chrono::system_clock::now() - delivery.stored_at);
    }
    Lane& lane = lane_of(delivery);
    lane.push(std::move(delivery), now);
    if (signs_rest_) end_rest();
  });
  // An exception on these threads is a mistake of ours: std::terminate ends the process.
  for (const auto& lane : lanes_) threads_.emplace_back([this, &lane] { work(*lane); });
  threads_.emplace_back([this] { give_signs_of_life(); });
}

Consumer::~Consumer() { end(); }

Lane& Consumer::lane_of(const Delivery& delivery) {
  if (!delivery.undecodable.empty()) return *lanes_.front();
  return *lanes_[std::hash<std::string>{}(delivery.message.key) % lanes_.size()];
}

void Consumer::work(Lane& lane) {
  for (std::uint32_t failures = 0;;) {
    std::vector<Delivery> taken = lane.take(handler_.at_once(options_.batch));
    if (taken.empty()) return;
    const faults::Scope scope("message", taken, [](const Delivery& delivery) -> const std::string& { return delivery.message.type; });
    faults::crash_point("consumer.received");
    const auto began = std::chrono::steady_clock::now();
    for (auto& delivery : taken) {
      // Once: what could not be stored is taken again.
      if (const auto since = std::exchange(delivery.received_at, {}); since != Lane::Time{}) listener_.took(Hop::queue, began - since);
    }
    const BatchHandler::Done done = handler_.handle(taken);
    listener_.took(Hop::handler, std::chrono::steady_clock::now() - began);
    listener_.handled_together(done.count);
    const auto tags = lane.settle(std::move(taken), done.count);
    if (!tags.empty()) subscription_->acknowledge(tags);
    lane.acknowledged();
    faults::crash_point("consumer.acknowledged");
    if (done.parked && parked_) parked_();
    note_database(!done.store_away);
    failures = done.store_away ? failures + 1 : 0;
    if (done.store_away) lane.pause(options_.store_again.wait(failures, tags.size() + failures));
  }
}

void Consumer::give_signs_of_life() {
  const auto between_looks = options_.subscription.ack_wait / 6;
  std::vector<std::uint64_t> tags;
  std::unique_lock lock(mutex_);
  while (!ended_) {
    changed_.wait(lock, [this] { return ended_ || !signs_rest_; });
    if (changed_.wait_for(lock, between_looks, [this] { return ended_; })) return;
    signs_rest_ = true;  // before the look, so that what comes behind its back ends the rest
    lock.unlock();
    tags.clear();
    bool is_idle = true;
    const auto now = std::chrono::steady_clock::now();
    for (const auto& lane : lanes_) {
      if (gives_signs_) lane->collect_silent(now, between_looks, tags);
      is_idle = is_idle && lane->is_empty();
    }
    if (!tags.empty()) subscription_->in_progress(tags);
    lock.lock();
    if (!is_idle) signs_rest_ = false;
  }
}

void Consumer::end_rest() {
  {
    const std::scoped_lock lock(mutex_);
    signs_rest_ = false;
  }
  changed_.notify_all();
}

void Consumer::note_database(bool well) {
  const std::scoped_lock lock(mutex_);
  if (std::exchange(database_well_, well) != well) listener_.reaches("consumer", the_database, well);
}

bool Consumer::drain(std::chrono::milliseconds limit) {
  const auto deadline = std::chrono::steady_clock::now() + limit;
  bool all = true;
  for (const auto& lane : lanes_) lane->close();
  for (const auto& lane : lanes_) all = lane->wait_until_empty(deadline) && all;
  return all;
}

void Consumer::end() {
  for (const auto& lane : lanes_) lane->abandon();
  {
    const std::scoped_lock lock(mutex_);
    ended_ = true;
  }
  changed_.notify_all();
  for (auto& thread : threads_) thread.join();
  subscription_.reset();
}

}  // namespace pkg::messaging
