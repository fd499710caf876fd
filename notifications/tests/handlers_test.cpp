// What notifications does with the messages of others, as they come over the wire.

#include "notifications/internal/ports/handlers/integration_events.hpp"

#include <gmock/gmock.h>

#include "notifications/tests/fakes.hpp"
#include "ordering/orderingpb/messages.pb.h"
#include "payments/paymentspb/messages.pb.h"
#include "pkg/ids/id_sources.hpp"
#include "users/userspb/messages.pb.h"

namespace notifications::tests {
namespace {

using testing::HasSubstr;

const domain::UserId ann{pkg::ids::CountingIds::nth(1002)};
const domain::OrderId order{pkg::ids::CountingIds::nth(1004)};
const domain::InvoiceId invoice{pkg::ids::CountingIds::nth(1005)};

class IntegrationEvents : public ::testing::Test {
 protected:
  IntegrationEvents() { ports::handle_integration_events(handlers, app); }

  template <class Event>
  pkg::errors::Result<> receive(const Event& event, std::uint64_t version = 1) {
    pkg::messaging::Message message;
    message.type = Event::descriptor()->full_name();
    message.aggregate_version = version;
    message.payload = event.SerializeAsString();
    const auto* handler = handlers.find(message.type);
    if (handler == nullptr) return pkg::errors::fail(pkg::errors::ErrorKind::internal, "nobody_listens", message.type);
    clock.advance(std::chrono::seconds{1});
    return transactor.run({}, [&](pkg::uow::UnitOfWork& unit) { return (*handler)(unit, message); });
  }
  /// An event about ann's order.
  template <class Event>
  static Event of_order() {
    Event event;
    event.set_order_id(order.to_string());
    event.set_user_id(ann.to_string());
    return event;
  }
  std::vector<domain::Notification> told() { return app.list_notifications({}, {ann, {}})->items; }

  pkg::clock::ManualClock clock;
  pkg::ids::CountingIds ids;
  pkg::uow::MemoryTransactor transactor;
  MemoryAcquaintances acquaintances;
  MemoryNotifications notifications{acquaintances};
  app::Application app{{transactor, notifications, acquaintances, notifications, ids, clock, domain::Delivery::not_sent}};
  pkg::messaging::Handlers handlers;
};

TEST_F(IntegrationEvents, TellTheWholeLifeOfAnOrder) {
  mallbots::users::v1::UserRegistered registered;
  registered.set_user_id(ann.to_string());
  registered.set_username("ann");
  registered.set_email("ann@people.test");
  auto created = of_order<mallbots::ordering::v1::OrderCreated>();
  auto& item = *created.add_items();
  item.set_product_name("Tea");
  item.set_quantity(2);
  created.mutable_total()->set_currency("EUR");
  created.mutable_total()->set_minor_units(500);
  auto invoiced = of_order<mallbots::payments::v1::InvoiceCreated>();
  invoiced.set_invoice_id(invoice.to_string());
  *invoiced.mutable_amount() = created.total();
  auto rejected = of_order<mallbots::ordering::v1::OrderRejected>();
  rejected.set_reason("Sold out.");
  ASSERT_TRUE(receive(registered));
  ASSERT_TRUE(receive(created));
  ASSERT_TRUE(receive(of_order<mallbots::ordering::v1::OrderApproved>()));
  ASSERT_TRUE(receive(invoiced));
  ASSERT_TRUE(receive(of_order<mallbots::ordering::v1::OrderCompleted>()));
  ASSERT_TRUE(receive(rejected));
  ASSERT_TRUE(receive(of_order<mallbots::ordering::v1::OrderCanceled>()));
  std::vector<domain::Kind> kinds;
  for (const auto& one : told()) kinds.push_back(one.kind);
  EXPECT_EQ(kinds, (std::vector{domain::Kind::order_canceled, domain::Kind::order_rejected, domain::Kind::order_completed,
                                domain::Kind::order_ready, domain::Kind::order_approved, domain::Kind::welcome}));
  EXPECT_THAT(told()[1].text.body, HasSubstr("Sold out."));
  EXPECT_THAT(told()[3].text.body, HasSubstr(invoice.to_string() + " over 5.00 EUR"));
  EXPECT_THAT(told()[4].text.body, HasSubstr("2 × Tea\n5.00 EUR in all"));
}

TEST_F(IntegrationEvents, AnOlderAddressNeverReplacesANewerOne) {
  mallbots::users::v1::UserEmailChanged changed;
  changed.set_user_id(ann.to_string());
  changed.set_email("new@people.test");
  ASSERT_TRUE(receive(changed, 3));
  changed.set_email("old@people.test");
  ASSERT_TRUE(receive(changed, 2));
  EXPECT_EQ(acquaintances.email_of(ann), "new@people.test");
}

TEST_F(IntegrationEvents, OneThatCannotBeReadIsMalformed) {
  EXPECT_EQ(receive(mallbots::users::v1::UserRegistered()).error().kind, pkg::errors::ErrorKind::malformed);
  EXPECT_EQ(receive(mallbots::ordering::v1::OrderApproved()).error().kind, pkg::errors::ErrorKind::malformed);
  EXPECT_EQ(receive(of_order<mallbots::payments::v1::InvoiceCreated>()).error().field, "invoice_id");
  EXPECT_EQ(receive(of_order<mallbots::ordering::v1::OrderCreated>()).error().field, "total.currency");
  EXPECT_TRUE(told().empty());
}

TEST_F(IntegrationEvents, AReadiedOrderIsToldOfWithItsInvoiceOnly) {
  EXPECT_EQ(handlers.find(mallbots::ordering::v1::OrderReadied::descriptor()->full_name()), nullptr);
}

}  // namespace
}  // namespace notifications::tests
