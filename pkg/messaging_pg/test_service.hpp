#pragma once
// A little service on PostgreSQL that notes what it handles in a table: what the tests of this folder share.

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "pkg/ids/id_sources.hpp"
#include "pkg/messaging_pg/migrations.hpp"
#include "pkg/messaging_pg/pg_messaging.hpp"
#include "pkg/postgres/migrations.hpp"
#include "pkg/postgres/pool.hpp"
#include "pkg/postgres/transactor.hpp"
#include "pkg/testing/postgres_server.hpp"
#include "pkg/testing/wait.hpp"

namespace pkg::messaging_pg::test {

using messaging::Message;

inline const std::string channel = "mall.orders.events.Order";
inline const std::string happened = "mall.Happened";

inline Message message(std::string key, std::string payload, std::string on = channel) {
  static const clock::SystemClock clock;
  static ids::TimeOrderedIds ids(clock);
  Message made;
  made.id = ids.next().to_string();
  made.type = happened;
  made.source = "/mall/orders";
  made.subject = key;
  made.channel = std::move(on);
  made.key = std::move(key);
  made.time = clock.now();
  made.correlation_id = "request-1";
  made.payload = std::move(payload);
  return made;
}

inline postgres::PoolOptions pool_options(const std::string& connection_string, std::size_t connections = 6) {
  postgres::PoolOptions options;
  options.connection.connection_string = connection_string;
  options.connection.application_name = "messaging_pgtest";
  options.connection.connect_timeout = std::chrono::milliseconds(1000);
  options.max_connections = connections;
  options.acquire_timeout = std::chrono::milliseconds(2000);
  options.log = {};
  return options;
}

/// Quick in everything that real services take slowly.
inline PgMessagingOptions quick_options(std::string group = "test") {
  using std::chrono::milliseconds;
  PgMessagingOptions options;
  options.relay.sweep_interval = milliseconds(100);
  options.relay.others_time = milliseconds(0);  // each word of another process asks for one sweep
  options.relay.save_interval = milliseconds(50);
  options.relay.publish_again = {.first = milliseconds(10), .cap = milliseconds(100), .spread = 20};
  options.relay.store_again = options.relay.publish_again;
  options.pump.consumer.subscription.group = std::move(group);
  options.pump.consumer.subscription.channels = {channel};
  options.pump.consumer.subscription.ack_wait = milliseconds(1000);
  options.pump.consumer.store_again = {.first = milliseconds(10), .cap = milliseconds(100), .spread = 20};
  options.pump.retry = {.tries = 3, .wait = {.first = milliseconds(50), .cap = milliseconds(200), .spread = 0}};
  options.pump.leadership_interval = milliseconds(50);
  return options;
}

inline void prepare(const std::string& connection_string) {
  const auto migrations = postgres::embedded_migrations("messaging", migration_files());
  ASSERT_TRUE(migrations);
  ASSERT_TRUE(postgres::migrate(pool_options(connection_string).connection, *migrations));
}

/// One process's worth of a service. Several may share a database.
class Service {
 public:
  Service(const std::string& connection_string, messaging::Broker& broker, PgMessagingOptions options = quick_options(),
          messaging::MessagingListener& listener = messaging::silent_listener())
      : pool_(pool_options(connection_string)), messaging_(pool_, broker, clock_, std::move(options), listener) {
    handlers.on(happened, [](uow::UnitOfWork& unit, const Message& received) -> errors::Result<> {
      postgres::transaction_of(unit).execute("insert into effects (key, payload) values ($1, $2)", {received.key, received.payload});
      return {};
    });
  }

  void start() { messaging_.start(transactor_, handlers); }

  errors::Result<> send(std::vector<Message> messages, bool fail = false) {
    return transactor_.run({}, [&](uow::UnitOfWork& unit) -> errors::Result<> {
      for (const auto& each : messages) messaging_.outbox().add(unit, each);
      if (fail) return errors::fail(errors::ErrorKind::rejected, "no", "No.");
      return {};
    });
  }

  PgMessaging& messaging() { return messaging_; }
  uow::Transactor& transactor() { return transactor_; }
  postgres::Pool& pool() { return pool_; }
  messaging::Handlers handlers;

 private:
  clock::SystemClock clock_;
  postgres::Pool pool_;
  postgres::PgTransactor transactor_{pool_};
  PgMessaging messaging_;
};

}  // namespace pkg::messaging_pg::test
