#pragma once
// A broker in this process: for tests, and for a whole mall in one process without an event server. Nothing outlives it.

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "pkg/clock/clock.hpp"
#include "pkg/messaging/broker.hpp"
#include "pkg/messaging/cloud_event.hpp"

namespace pkg::messaging {

class MemoryCore;

struct MemoryOptions {
  const clock::Clock* clock = nullptr;        ///< decides redeliveries; null: real time. A clock moved by hand needs look_at_clock()
  std::size_t max_message_bytes = 1 << 20;  ///< headers and payload; a larger message is refused
};

/// Keeps the same promises as the others: messages pass through their wire form, so what is refused or unreadable there is so here.
/// One thread calls everything back. Several services may share one; their groups keep them apart. Subscriptions may outlive it.
class MemoryBroker final : public Broker {
 public:
  explicit MemoryBroker(MemoryOptions options = {});
  ~MemoryBroker() override;

  void publish(const Message& message, Published published) override;
  std::unique_ptr<Subscription> subscribe(SubscribeTo what, OnDelivery on_delivery) override;
  errors::Result<StreamState> state() override;
  errors::Result<Positions> positions(std::span<const std::string> channels) override;
  bool is_connected() const override;
  void on_connection(OnConnection listener) override;

  // The hand of a test.
  /// Away: publishing is unconfirmed, nothing is delivered and acknowledgements are lost.
  void set_available(bool available);
  /// Away, all messages and positions lost, and back under another identity.
  void wipe();
  /// The next messages are stored, and their publishers do not hear of it.
  void lose_next_confirmations(std::size_t count);
  /// The next messages are refused.
  void refuse_next(std::size_t count);
  /// Stores headers as they are.
  void store_raw(std::string_view channel, std::vector<Header> headers, std::string payload);
  /// The readable messages of a channel, oldest first.
  std::vector<Message> stored(std::string_view channel) const;
  /// To be called after a clock given in the options was moved.
  void look_at_clock();

 private:
  std::shared_ptr<MemoryCore> core_;  // shared with the subscriptions
};

}  // namespace pkg::messaging
