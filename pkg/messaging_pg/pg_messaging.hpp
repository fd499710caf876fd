#pragma once
// Messaging of one service on PostgreSQL, put together: what an agent needs.

#include <chrono>
#include <memory>

#include "pkg/clock/clock.hpp"
#include "pkg/ids/uuid.hpp"
#include "pkg/messaging/broker.hpp"
#include "pkg/messaging/handlers.hpp"
#include "pkg/messaging/messaging_listener.hpp"
#include "pkg/messaging/pump/message_pump.hpp"
#include "pkg/messaging_pg/pg_inbox.hpp"
#include "pkg/messaging_pg/pg_leadership.hpp"
#include "pkg/messaging_pg/pg_outbox.hpp"
#include "pkg/messaging_pg/pg_outbox_store.hpp"
#include "pkg/messaging_pg/pg_parking_lot.hpp"
#include "pkg/postgres/pool.hpp"

namespace pkg::messaging_pg {

struct PgMessagingOptions {
  messaging::RelayOptions relay;
  messaging::PumpOptions pump;
};

class PgMessaging {
 public:
  /// All arguments outlive it, and it outlives every unit of work that adds to its outbox.
  PgMessaging(postgres::Pool& pool, messaging::Broker& broker, const clock::Clock& clock, PgMessagingOptions options,
              messaging::MessagingListener& listener = messaging::silent_listener());

  messaging::Outbox& outbox() { return outbox_; }
  messaging::ParkingLot& parking_lot() { return lot_; }
  messaging::RelayFigures figures() const { return relay_.figures(); }

  /// From here on messages leave and arrive, as soon as this process leads. Transactor and handlers outlive it.
  void start(uow::Transactor& transactor, const messaging::Handlers& handlers);
  /// The first of a stop: gives the lead to another process where there is one. The service may still commit. False where the limit was too
  /// short; nothing is lost by that.
  bool hand_over(std::chrono::milliseconds limit);
  /// Call when nothing else commits any more. False where the limit was too short; nothing is lost by that.
  bool drain(std::chrono::milliseconds limit);
  bool leads() const { return pump_ && pump_->leads(); }
  void look_at_parked();

 private:
  const ids::Uuid process_;
  messaging::Broker& broker_;
  const clock::Clock& clock_;
  const PgMessagingOptions options_;
  messaging::MessagingListener& listener_;
  PgOutboxStore store_;
  messaging::Relay relay_;
  PgOutbox outbox_;
  PgInbox inbox_;
  PgParkingLot lot_;
  PgLeadership leadership_;
  std::unique_ptr<messaging::MessagePump> pump_;
};

}  // namespace pkg::messaging_pg
