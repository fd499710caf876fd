#pragma once
// Payments between its messages in and out, on fakes: what the tests of the ports share.

#include "payments/internal/app/app.hpp"
#include "payments/internal/constants/names.hpp"
#include "payments/internal/ports/handlers/commands.hpp"
#include "payments/internal/ports/handlers/domain_events.hpp"
#include "payments/internal/ports/handlers/integration_events.hpp"
#include "payments/tests/fakes.hpp"
#include "pkg/ids/id_sources.hpp"
#include "pkg/saga/testing/memory_outbox.hpp"

namespace payments::tests {

/// Everything between the incoming message and the outbox.
struct PaymentsOnFakes {
  pkg::clock::ManualClock clock;
  pkg::ids::CountingIds ids{1000};
  pkg::uow::MemoryTransactor transactor;
  MemoryPayments payments;
  MemoryInvoices invoices;
  MemoryTasks tasks;
  FakeGateway gateway;
  pkg::saga::testing::MemoryOutbox outbox;
  pkg::messaging::Publisher publisher{outbox, ids, clock, constants::source};
  pkg::saga::Replies replies{outbox, ids, clock, std::string(constants::source)};
  ports::PublishedPaymentNews payment_news{publisher};
  ports::PublishedInvoiceNews invoice_news{publisher};
  app::Application app{{transactor, payments, invoices, tasks, gateway, payment_news, invoice_news, clock}, {}};
  pkg::messaging::Handlers handlers;

  PaymentsOnFakes() {
    ports::handle_commands(handlers, app, replies);
    ports::handle_integration_events(handlers, app, ids);
  }

  /// As a consumer does it. A message that nobody wants has no effect.
  pkg::errors::Result<> receive(const pkg::messaging::Message& message) {
    const auto* handler = handlers.find(message.type);
    if (handler == nullptr) return {};
    return transactor.run({}, [&](pkg::uow::UnitOfWork& unit) { return (*handler)(unit, message); });
  }
};

}  // namespace payments::tests
