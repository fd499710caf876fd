#pragma once
// Ordering between its messages in and out, on fakes: what the tests of the ports share.

#include "ordering/internal/app/app.hpp"
#include "ordering/internal/constants/names.hpp"
#include "ordering/internal/ports/handlers/commands.hpp"
#include "ordering/internal/ports/handlers/domain_events.hpp"
#include "ordering/internal/ports/handlers/integration_events.hpp"
#include "ordering/tests/fakes.hpp"
#include "pkg/es/memory_event_store.hpp"
#include "pkg/ids/id_sources.hpp"
#include "pkg/saga/headers.hpp"
#include "pkg/saga/testing/memory_outbox.hpp"

namespace ordering::tests {

/// Everything between the incoming message and the outbox.
struct OrderingOnFakes {
  pkg::clock::ManualClock clock{pkg::clock::TimePoint{std::chrono::hours{480'000}}};
  pkg::ids::CountingIds ids{1000};
  pkg::uow::MemoryTransactor transactor;
  pkg::es::MemoryEventStore<domain::Order> orders;
  MemoryOrderBook book;
  pkg::saga::testing::MemoryOutbox outbox;
  pkg::messaging::Publisher publisher{outbox, ids, clock, constants::source};
  pkg::saga::Replies replies{outbox, ids, clock, std::string(constants::source)};
  ports::PublishedOrderNews news{publisher};
  app::Application app{{transactor, orders, book, news, clock}};
  pkg::messaging::Handlers handlers;

  OrderingOnFakes() {
    ports::handle_commands(handlers, app, replies);
    ports::handle_integration_events(handlers, app);
  }

  /// As a consumer does it. A message that nobody wants has no effect.
  pkg::errors::Result<> receive(const pkg::messaging::Message& message) {
    const auto* handler = handlers.find(message.type);
    if (handler == nullptr) return {};
    return transactor.run({"correlation", message.id, ""}, [&](pkg::uow::UnitOfWork& unit) { return (*handler)(unit, message); });
  }
};

/// A message as it comes from the event server: a command of the create-order saga, or an event, whose headers nobody reads.
inline pkg::messaging::Message incoming(std::string type, std::string payload) {
  pkg::messaging::Message message;
  message.id = "message";
  message.type = std::move(type);
  message.payload = std::move(payload);
  message.headers = {{std::string(pkg::saga::header::name), "CreateOrder"},
                     {std::string(pkg::saga::header::id), "saga"},
                     {std::string(pkg::saga::header::step), "step"},
                     {std::string(pkg::saga::header::direction), "forward"},
                     {std::string(pkg::saga::header::reply_to), "mallbots.cosec.replies.CreateOrder"}};
  return message;
}
template <class P>
pkg::messaging::Message incoming(const P& payload) {
  return incoming(std::string(P::descriptor()->full_name()), payload.SerializeAsString());
}

}  // namespace ordering::tests
