#pragma once
// What create_nats_broker() gives. nats_broker.cpp has what callers see, positions.cpp where groups stand, broker_thread.cpp the thread
// that keeps it going.

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "pkg/messaging/nats/bundle.hpp"
#include "pkg/messaging/nats/confirmations.hpp"
#include "pkg/messaging/nats/connection.hpp"
#include "pkg/messaging/nats/consumer.hpp"
#include "pkg/messaging/nats/protocol.hpp"
#include "pkg/messaging/nats/requests.hpp"

namespace pkg::messaging::nats {

/// Its own thread connects, makes what is missing, tells the listeners and watches deadlines; the connection's brings answers and
/// deliveries. Lock order: a consumer's lock before the broker's.
class NatsBroker final : public Broker {
 public:
  explicit NatsBroker(NatsOptions options);
  NatsBroker(const NatsBroker&) = delete;
  NatsBroker& operator=(const NatsBroker&) = delete;
  ~NatsBroker() override;

  void publish(const Message& message, Published published) override;
  void gather(const std::function<void()>& publishing) override;
  std::unique_ptr<Subscription> subscribe(SubscribeTo what, OnDelivery on_delivery) override;
  errors::Result<StreamState> state() override;
  errors::Result<Positions> positions(std::span<const std::string> channels) override;
  bool is_connected() const override;
  void on_connection(OnConnection listener) override;

 private:
  using Time = std::chrono::steady_clock::time_point;

  /// A connection and where its answers come to: "<inbox>.p<token>" for publishes, "<inbox>.a<token>" for requests,
  /// "<inbox>.s<token>" for what the stream itself is asked.
  struct Link {
    std::shared_ptr<Connection> connection;  // shared with consumers
    std::string inbox_name;
  };

  class Gathering;

  // On any thread.
  std::shared_ptr<const Link> ready_link() const;
  std::optional<std::string> ask(const Link& link, const std::string& subject, const std::string& body);
  errors::Result<StreamState> ask_state(const Link& link);
  errors::Result<std::vector<ListedConsumer>> ask_consumers(const Link& link);
  errors::Result<std::uint64_t> ask_last_sequence(const Link& link, const std::string& subject);
  void send(const Link& link, Record record);
  void refuse(std::string_view id, std::string_view to, std::string_view why, const Published& published) const;
  void on_answer(const Incoming& incoming, std::size_t prefix_size);
  void wake(bool& flag);
  void watch_deadlines();
  void report(std::string_view sentence) const;

  // On the own thread.
  void run();
  bool make_ready();
  bool open_link();
  void drop_link();
  void serve();
  bool wait(std::optional<Time> consumers_due);
  std::optional<Time> look_after_consumers();
  bool takes_messages(const Consumer& consumer);
  void answer_expired(Time now);
  std::expected<StreamState, std::string> make_stream();
  std::expected<ApiAnswer, std::string> ask_stream(std::string_view verb, const std::string& body);
  void set_ready(bool ready);
  void tell_listeners(bool connected);
  void report_once(const std::string& sentence);
  std::vector<std::shared_ptr<Consumer>> living_consumers();

  const std::shared_ptr<const NatsOptions> options_;  // shared with the consumers
  Confirmations confirmations_;
  Requests requests_;

  // Of the own thread.
  std::shared_ptr<const Link> link_;  // shared with calls under way
  std::unique_ptr<Inbox> answers_;    ///< of the link
  std::string identity_;              ///< of the stream as it was last seen
  std::string last_report_;

  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::shared_ptr<const Link> ready_link_;            ///< link_ while the stream is known to be there
  std::vector<std::shared_ptr<Consumer>> consumers_;  // shared with their subscriptions
  std::vector<OnConnection> listeners_;
  bool is_stopping_ = false;
  bool is_link_broken_ = false;
  bool is_stream_in_doubt_ = false;
  bool has_consumers_to_resume_ = false;
  std::atomic<bool> is_watching_ = false;  ///< the own thread will look at the oldest publish in time
  std::thread thread_;
};

}  // namespace pkg::messaging::nats
