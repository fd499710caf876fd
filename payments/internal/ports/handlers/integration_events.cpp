#include "payments/internal/ports/handlers/integration_events.hpp"

#include "ordering/orderingpb/messages.pb.h"
#include "pkg/money/moneypb/convert.hpp"
#include "pkg/rpc/read.hpp"

namespace payments::ports {

namespace pb = mallbots::ordering::v1;
using domain::OrderId;
using domain::PaymentId;
using pkg::errors::pass_on;
using pkg::errors::Result;
using pkg::messaging::Message;
using pkg::rpc::read_id;
using pkg::uow::UnitOfWork;

void handle_integration_events(pkg::messaging::Handlers& handlers, const app::Application& app, pkg::ids::IdSource& ids) {
  handlers.on<pb::OrderReadied>([&app, &ids](UnitOfWork& unit, const Message&, const pb::OrderReadied& event) -> Result<> {
    const auto order = read_id<OrderId>(event.order_id(), "order_id");
    if (!order) return pass_on(order);
    const auto user = read_id<domain::UserId>(event.user_id(), "user_id");
    if (!user) return pass_on(user);
    const auto payment = read_id<PaymentId>(event.payment_id(), "payment_id");
    if (!payment) return pass_on(payment);
    const auto total = pkg::money::from_proto(event.total(), "total");
    if (!total) return pass_on(total);
    return app.raise_invoice(unit, {domain::InvoiceId::make(ids), *order, *user, *payment, *total});
  });
  handlers.on<pb::OrderCanceled>([&app](UnitOfWork& unit, const Message&, const pb::OrderCanceled& event) -> Result<> {
    const auto order = read_id<OrderId>(event.order_id(), "order_id");
    if (!order) return pass_on(order);
    const auto payment = read_id<PaymentId>(event.payment_id(), "payment_id");
    if (!payment) return pass_on(payment);
    if (const auto released = app.release_payment(unit, {*order, *payment}); !released) return pass_on(released);
    return {};
  });
}

}  // namespace payments::ports
