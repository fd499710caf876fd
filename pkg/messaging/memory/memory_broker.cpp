#include "pkg/messaging/memory/memory_broker.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "pkg/messaging/memory/memory_log.hpp"
#include "pkg/messaging/names.hpp"

namespace pkg::messaging {
namespace {

struct Member {
  Holder number = 0;
  SubscribeTo what;
  Broker::OnDelivery on_delivery;
  std::recursive_mutex gate;  ///< held while a delivery runs, so that ending waits for it; recursive: it may be ended from its own callback
  bool is_over = false;       ///< under the gate
};

}  // namespace

class MemoryBroker::Core {
 public:
  explicit Core(MemoryOptions options) : options_(options), thread_([this] { run(); }) {}

  void stop() {
    {
      const std::scoped_lock lock(mutex_);
      if (std::exchange(is_stopping_, true)) return;
    }
    wake_.notify_all();
    thread_.join();
  }

  void publish(const Message& message, Published published) {
    auto headers = encode_headers(message);
    const std::scoped_lock lock(mutex_);
    PublishResult result = std::unexpected(PublishFailure::unconfirmed);
    if (is_available_) result = store(message, std::move(headers));
    tasks_.emplace_back([published = std::move(published), result] { published(result); });
    wake_.notify_all();
  }

  // shared by the subscription and, while it delivers, by the thread
  std::shared_ptr<Member> join(SubscribeTo what, OnDelivery on_delivery) {
    const auto member = std::make_shared<Member>();
    member->what = std::move(what);
    member->on_delivery = std::move(on_delivery);
    const std::scoped_lock lock(mutex_);
    member->number = ++last_member_;
    members_.push_back(member);
    wake_.notify_all();
    return member;
  }

  void leave(const std::shared_ptr<Member>& member) {
    {
      const std::scoped_lock lock(mutex_);
      std::erase(members_, member);
    }
    const std::scoped_lock gate(member->gate);
    member->is_over = true;
  }

  /// Runs `change` on the log for each tag; lost while the broker is away.
  void for_each_tag(std::span<const std::uint64_t> tags, const std::function<void(MemoryLog&, std::uint64_t, clock::TimePoint)>& change) {
    const std::scoped_lock lock(mutex_);
    if (!is_available_) return;
    for (const std::uint64_t tag : tags) change(log_, tag, now());
    wake_.notify_all();
  }

  errors::Result<StreamState> state() const {
    const std::scoped_lock lock(mutex_);
    if (!is_available_) return errors::fail(errors::ErrorKind::unavailable, "broker_away", "The event server is away.");
    return StreamState{"memory-" + std::to_string(generation_), log_.last_sequence()};
  }

  bool is_available() const {
    const std::scoped_lock lock(mutex_);
    return is_available_;
  }

  void add_listener(OnConnection listener) {
    const std::scoped_lock lock(mutex_);
    listeners_.push_back(std::move(listener));
  }

  void set_available(bool available) {
    const std::scoped_lock lock(mutex_);
    change_availability(available);
  }

  void wipe() {
    const std::scoped_lock lock(mutex_);
    change_availability(false);
    log_.forget();
    ++generation_;
    change_availability(true);
  }

  void lose_next(std::size_t count) {
    const std::scoped_lock lock(mutex_);
    to_lose_ = count;
  }

  void refuse_next(std::size_t count) {
    const std::scoped_lock lock(mutex_);
    to_refuse_ = count;
  }

  void store_raw(std::string_view channel, std::vector<Header> headers, std::string payload) {
    const std::scoped_lock lock(mutex_);
    log_.append(std::string(channel), "", std::move(headers), std::move(payload));
    wake_.notify_all();
  }

  std::vector<Message> stored(std::string_view channel) const {
    const std::scoped_lock lock(mutex_);
    std::vector<Message> messages;
    const auto* records = log_.records(channel);
    if (records == nullptr) return messages;
    for (const Record& record : *records) {
      if (auto message = decode_message(channel, record.headers, record.payload)) messages.push_back(*std::move(message));
    }
    return messages;
  }

  void look_at_clock() { wake_.notify_all(); }

 private:
  struct Next {
    std::shared_ptr<Member> member;  // shared with its subscription, which may end meanwhile
    Delivery delivery;
  };

  clock::TimePoint now() const { return options_.clock != nullptr ? options_.clock->now() : clock::SystemClock{}.now(); }

  PublishResult store(const Message& message, std::expected<std::vector<Header>, std::string> headers) {
    if (!headers || !is_channel_name(message.channel)) return std::unexpected(PublishFailure::refused);
    std::size_t bytes = message.payload.size();
    for (const auto& [name, value] : *headers) bytes += name.size() + value.size();
    if (bytes > options_.max_message_bytes) return std::unexpected(PublishFailure::refused);
    if (to_refuse_ > 0) {
      --to_refuse_;
      return std::unexpected(PublishFailure::refused);
    }
    const auto [sequence, duplicate] = log_.append(message.channel, message.id, *std::move(headers), message.payload);
    if (to_lose_ > 0) {
      --to_lose_;
      return std::unexpected(PublishFailure::unconfirmed);
    }
    return Stored{sequence, duplicate};
  }

  void change_availability(bool available) {
    if (is_available_ == available) return;
    is_available_ = available;
    for (const auto& listener : listeners_) tasks_.emplace_back([listener, available] { listener(available); });
    wake_.notify_all();
  }

  std::optional<Next> next_delivery() {
    if (!is_available_) return std::nullopt;
    for (const auto& member : members_) {
      const bool window_is_open = log_.held_by(member->number) < member->what.window;
      for (const std::string& channel : member->what.channels) {
        const auto taken = log_.take(member->what.group, channel, member->number, window_is_open, now(), member->what.ack_wait);
        if (!taken) continue;
        Delivery delivery{.message = {}, .undecodable = {}, .raw = {}, .tag = taken->tag, .attempt = taken->attempt, .sequence = taken->record->sequence};
        auto message = decode_message(channel, taken->record->headers, taken->record->payload);
        if (message) {
          delivery.message = *std::move(message);
        } else {
          delivery.message.channel = channel;
          delivery.undecodable = std::move(message.error());
          delivery.raw = raw_text(taken->record->headers, taken->record->payload);
        }
        return Next{member, std::move(delivery)};
      }
    }
    return std::nullopt;
  }

  void run() {
    std::unique_lock lock(mutex_);
    while (!is_stopping_ || !tasks_.empty()) {
      if (!tasks_.empty()) {
        auto task = std::move(tasks_.front());
        tasks_.pop_front();
        lock.unlock();
        task();
        task = nullptr;  // what it holds may end here, and may call us
        lock.lock();
      } else if (auto next = next_delivery()) {
        std::rotate(members_.begin(), members_.begin() + 1, members_.end());
        lock.unlock();
        deliver(*std::move(next));
        lock.lock();
      } else {
        wait(lock);
      }
    }
  }

  static void deliver(Next next) {
    const std::scoped_lock gate(next.member->gate);
    if (!next.member->is_over) next.member->on_delivery(std::move(next.delivery));
  }

  void wait(std::unique_lock<std::mutex>& lock) {
    const auto due = log_.next_due(now());
    if (!due || options_.clock != nullptr || members_.empty() || !is_available_) {
      wake_.wait(lock);
    } else {
      wake_.wait_for(lock, std::max<clock::Duration>(*due - now(), std::chrono::milliseconds{1}));
    }
  }

  const MemoryOptions options_;
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  MemoryLog log_;
  std::vector<std::shared_ptr<Member>> members_;  // shared with their subscriptions
  std::deque<std::function<void()>> tasks_;
  std::vector<OnConnection> listeners_;
  Holder last_member_ = 0;
  std::size_t to_lose_ = 0;
  std::size_t to_refuse_ = 0;
  std::uint64_t generation_ = 1;
  bool is_available_ = true;
  bool is_stopping_ = false;
  std::thread thread_;
};

class MemoryBroker::MemorySubscription final : public Subscription {
 public:
  MemorySubscription(std::shared_ptr<Core> core, SubscribeTo what, OnDelivery on_delivery)
      : core_(std::move(core)), member_(core_->join(std::move(what), std::move(on_delivery))) {}
  ~MemorySubscription() override { core_->leave(member_); }

  void acknowledge(std::span<const std::uint64_t> tags) override {
    core_->for_each_tag(tags, [](MemoryLog& log, std::uint64_t tag, clock::TimePoint) { log.acknowledge(tag); });
  }
  void in_progress(std::span<const std::uint64_t> tags) override {
    core_->for_each_tag(tags, [wait = member_->what.ack_wait](MemoryLog& log, std::uint64_t tag, clock::TimePoint now) {
      log.deliver_again_at(tag, now + wait);
    });
  }
  void release(std::span<const std::uint64_t> tags, std::chrono::milliseconds delay) override {
    core_->for_each_tag(tags, [delay](MemoryLog& log, std::uint64_t tag, clock::TimePoint now) { log.deliver_again_at(tag, now + delay); });
  }

 private:
  std::shared_ptr<Core> core_;      // shared with the broker
  std::shared_ptr<Member> member_;  // shared with the broker's thread
};

MemoryBroker::MemoryBroker(MemoryOptions options) : core_(std::make_shared<Core>(options)) {}
MemoryBroker::~MemoryBroker() { core_->stop(); }

void MemoryBroker::publish(const Message& message, Published published) { core_->publish(message, std::move(published)); }
std::unique_ptr<Subscription> MemoryBroker::subscribe(SubscribeTo what, OnDelivery on_delivery) {
  require_names(what);
  return std::make_unique<MemorySubscription>(core_, std::move(what), std::move(on_delivery));
}
errors::Result<StreamState> MemoryBroker::state() { return core_->state(); }
bool MemoryBroker::is_connected() const { return core_->is_available(); }
void MemoryBroker::on_connection(OnConnection listener) { core_->add_listener(std::move(listener)); }
void MemoryBroker::set_available(bool available) { core_->set_available(available); }
void MemoryBroker::wipe() { core_->wipe(); }
void MemoryBroker::lose_next_confirmations(std::size_t count) { core_->lose_next(count); }
void MemoryBroker::refuse_next(std::size_t count) { core_->refuse_next(count); }
void MemoryBroker::store_raw(std::string_view channel, std::vector<Header> headers, std::string payload) {
  core_->store_raw(channel, std::move(headers), std::move(payload));
}
std::vector<Message> MemoryBroker::stored(std::string_view channel) const { return core_->stored(channel); }
void MemoryBroker::look_at_clock() { core_->look_at_clock(); }

}  // namespace pkg::messaging
