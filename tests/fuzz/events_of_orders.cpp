// The listeners that an order goes through: baskets, ordering, depot, payments.

#include "baskets/internal/ports/handlers/integration_events.hpp"
#include "baskets/tests/fakes.hpp"
#include "depot/tests/published.hpp"
#include "ordering/tests/ordering_on_fakes.hpp"
#include "payments/tests/published.hpp"
#include "tests/fuzz/conversation.hpp"

namespace fuzz {

void tell_baskets(std::string_view messages) {
  pkg::uow::MemoryTransactor transactor;
  baskets::tests::MemoryOfferCache offers;
  pkg::messaging::Handlers handlers;
  baskets::ports::handle_integration_events(handlers, offers);
  hear(messages, handlers, transactor);
}

void tell_ordering(std::string_view messages) {
  ordering::tests::OrderingOnFakes ordering;
  hear(messages, ordering.handlers, ordering.transactor, &ordering.outbox);
}

void tell_depot(std::string_view messages) {
  depot::tests::DepotOnFakes depot;
  hear(messages, depot.handlers, depot.transactor, &depot.outbox);
}

void tell_payments(std::string_view messages) {
  payments::tests::PaymentsOnFakes payments;
  hear(messages, payments.handlers, payments.transactor, &payments.outbox);
}

}  // namespace fuzz
