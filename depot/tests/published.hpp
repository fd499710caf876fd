#pragma once
// Depot between its messages in and out, on fakes: what the tests of the ports share.

#include "depot/internal/app/app.hpp"
#include "depot/internal/constants/names.hpp"
#include "depot/internal/ports/handlers/commands.hpp"
#include "depot/internal/ports/handlers/domain_events.hpp"
#include "depot/internal/ports/handlers/integration_events.hpp"
#include "depot/tests/fakes.hpp"
#include "pkg/ids/id_sources.hpp"
#include "pkg/saga/testing/memory_outbox.hpp"

namespace depot::tests {

/// Everything between the incoming message and the outbox.
struct DepotOnFakes {
  pkg::clock::ManualClock clock;
  pkg::ids::CountingIds ids{1000};
  pkg::uow::MemoryTransactor transactor;
  MemoryShoppingLists lists;
  MemoryBots bots;
  MemoryStoreCache stores;
  FakeDirectory directory;
  CountingFloor floor;
  pkg::saga::testing::MemoryOutbox outbox;
  pkg::messaging::Publisher publisher{outbox, ids, clock, constants::source};
  pkg::saga::Replies replies{outbox, ids, clock, std::string(constants::source)};
  ports::PublishedShoppingListNews news{publisher};
  app::Application app{{transactor, lists, bots, stores, directory, news, floor, clock, {}}};
  pkg::messaging::Handlers handlers;

  DepotOnFakes() {
    ports::handle_commands(handlers, app, replies, ids);
    ports::handle_integration_events(handlers, app, ids);
  }

  /// As a consumer does it. A message that nobody wants has no effect.
  pkg::errors::Result<> receive(const pkg::messaging::Message& message) {
    const auto* handler = handlers.find(message.type);
    if (handler == nullptr) return {};
    return transactor.run({}, [&](pkg::uow::UnitOfWork& unit) { return (*handler)(unit, message); });
  }
};

}  // namespace depot::tests
