#include "pkg/messaging_pg/pg_messaging.hpp"

#include <utility>

#include "pkg/ids/id_sources.hpp"

namespace pkg::messaging_pg {

PgMessaging::PgMessaging(postgres::Pool& pool, messaging::Broker& broker, const clock::Clock& clock, PgMessagingOptions options,
                         messaging::MessagingListener& listener)
    : process_(ids::TimeOrderedIds(clock).next()),
      broker_(broker),
      clock_(clock),
      options_(std::move(options)),
      listener_(listener),
      store_(pool),
      relay_(store_, broker, options_.relay, listener),
      outbox_(relay_),
      inbox_(pool, process_),
      lot_(pool),
      leadership_(pool, process_) {}

void PgMessaging::start(uow::Transactor& transactor, const messaging::Handlers& handlers) {
  pump_ = std::make_unique<messaging::MessagePump>(
      messaging::PumpParts{relay_, broker_, transactor, inbox_, lot_, handlers, leadership_, clock_}, options_.pump, listener_);
}

bool PgMessaging::hand_over(std::chrono::milliseconds limit) { return !pump_ || pump_->hand_over(limit); }

bool PgMessaging::drain(std::chrono::milliseconds limit) { return !pump_ || pump_->drain(limit); }

void PgMessaging::look_at_parked() {
  if (pump_) pump_->look_at_parked();
}

}  // namespace pkg::messaging_pg
