#pragma once
// The relay at work: RelayCore with a broker, a database and one thread.

#include <chrono>
#include <memory>
#include <thread>

#include "pkg/messaging/broker.hpp"
#include "pkg/messaging/messaging_listener.hpp"
#include "pkg/messaging/relay/outbox_row.hpp"
#include "pkg/messaging/relay/outbox_store.hpp"
#include "pkg/messaging/relay/relay_core.hpp"

namespace pkg::messaging {

/// Publishes what is committed to the outbox. It never ends on an error: whatever is away, it says so once, waits and goes on.
///
/// Publishing happens on the threads that bring the news (a commit, a confirmation), because a hand-over to another thread costs more
/// than the publish; the relay's own thread talks to the database and keeps the time.
///
/// Only one relay may lead per database; see MessagePump. One that does not lead ignores commits: the leader's sweep finds them.
class Relay final : public CommitListener {
 public:
  /// All arguments outlive the relay.
  Relay(OutboxStore& store, Broker& broker, RelayOptions options = {}, MessagingListener& listener = silent_listener());
  ~Relay() override;

  /// Starts to publish, as soon as the database has said from where on. No effect where it leads already.
  void lead();
  /// Stops at once; what is under way at the broker is forgotten.
  void follow();
  /// Publishes what is committed and saves the mark. False where the limit was too short: the next leader does the rest.
  bool drain(std::chrono::milliseconds limit);
  /// Another process on this database was heard of: what it writes is swept up (RelayOptions::sweep_interval). No effect without the lead.
  void others_write();

  bool leads() const override;
  Ticket announced() override;
  void committed(Ticket ticket, std::vector<OutboxRow> rows) override;
  void rolled_back(Ticket ticket) override;
  void unknown(Ticket ticket) override;

  RelayFigures figures() const;

 private:
  class Shell;
  std::shared_ptr<Shell> shell_;  // shared with the broker's callbacks, which may come late
  std::thread thread_;
};

}  // namespace pkg::messaging
