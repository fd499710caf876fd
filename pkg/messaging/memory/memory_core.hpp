#pragma once
// What MemoryBroker and its subscriptions share: the log, who reads it, and the thread that calls back.

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <expected>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "pkg/messaging/memory/memory_broker.hpp"
#include "pkg/messaging/memory/memory_log.hpp"

namespace pkg::messaging {

class MemoryCore {
 public:
  /// A subscription, as the thread sees it.
  struct Member {
    Holder number = 0;
    SubscribeTo what;
    Broker::OnDelivery on_delivery;
    /// Held while a delivery runs, so that ending waits for it; recursive, as it may be ended from its own callback.
    std::recursive_mutex gate;
    bool is_over = false;  ///< under the gate
  };
  using ChangeOfTag = std::function<void(MemoryLog&, std::uint64_t tag, clock::TimePoint now)>;

  explicit MemoryCore(MemoryOptions options) : options_(options), thread_([this] { run(); }) {}
  /// Answers what waits and ends the thread.
  void stop();

  void publish(const Message& message, Broker::Published published);
  std::shared_ptr<Member> join(SubscribeTo what, Broker::OnDelivery on_delivery);  // shared by the subscription and the thread
  void leave(const std::shared_ptr<Member>& member);
  /// Lost while the broker is away.
  void for_each_tag(std::span<const std::uint64_t> tags, const ChangeOfTag& change);
  errors::Result<StreamState> state() const;
  errors::Result<Positions> positions(std::span<const std::string> channels) const;
  bool is_available() const;
  void add_listener(Broker::OnConnection listener);

  void set_available(bool available);
  void wipe();
  void lose_next(std::size_t count);
  void refuse_next(std::size_t count);
  void store_raw(std::string_view channel, std::vector<Header> headers, std::string payload);
  std::vector<Message> stored(std::string_view channel) const;
  void look_at_clock() { wake_.notify_all(); }

 private:
  struct Next {
    std::shared_ptr<Member> member;  // shared with its subscription, which may end meanwhile
    Delivery delivery;
  };

  errors::Result<StreamState> look() const;
  clock::TimePoint now() const { return options_.clock != nullptr ? options_.clock->now() : clock::SystemClock{}.now(); }
  PublishResult store(const Message& message, std::expected<std::vector<Header>, std::string> headers);
  void change_availability(bool available);
  std::optional<Next> next_delivery();
  std::optional<MemoryLog::Taken> take_wanted(const Member& member, const std::string& channel, bool window_is_open);
  void run();
  static void deliver(Next next);
  void wait(std::unique_lock<std::mutex>& lock);

  const MemoryOptions options_;
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  MemoryLog log_;
  std::vector<std::shared_ptr<Member>> members_;  // shared with their subscriptions
  std::deque<std::function<void()>> tasks_;
  std::vector<Broker::OnConnection> listeners_;
  Holder last_member_ = 0;
  std::size_t to_lose_ = 0;
  std::size_t to_refuse_ = 0;
  std::uint64_t generation_ = 1;
  bool is_available_ = true;
  bool is_stopping_ = false;
  std::thread thread_;
};

}  // namespace pkg::messaging
