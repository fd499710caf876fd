#include "payments/internal/ports/handlers/commands.hpp"

#include "payments/paymentspb/messages.pb.h"
#include "pkg/money/moneypb/convert.hpp"
#include "pkg/rpc/read.hpp"

namespace payments::ports {

namespace pb = mallbots::payments::v1;
using domain::OrderId;
using domain::PaymentId;
using pkg::errors::pass_on;
using pkg::errors::Result;
using pkg::messaging::Message;
using pkg::rpc::read_id;
using pkg::uow::UnitOfWork;

void handle_commands(pkg::messaging::Handlers& handlers, const app::Application& app, const pkg::saga::Replies& replies) {
  pkg::saga::on_command<pb::ConfirmPayment>(
      handlers, replies, [&app](UnitOfWork& unit, const Message&, const pb::ConfirmPayment& command) -> Result<> {
        const auto order = read_id<OrderId>(command.order_id(), "order_id");
        if (!order) return pass_on(order);
        const auto payment = read_id<PaymentId>(command.payment_id(), "payment_id");
        if (!payment) return pass_on(payment);
        const auto user = read_id<domain::UserId>(command.user_id(), "user_id");
        if (!user) return pass_on(user);
        const auto total = pkg::money::from_proto(command.total(), "total");
        if (!total) return pass_on(total);
        if (const auto confirmed = app.confirm_payment(unit, {*order, *payment, *user, *total}); !confirmed) return pass_on(confirmed);
        return {};
      });
  pkg::saga::on_command<pb::ReleasePayment>(handlers, replies,
                                            [&app](UnitOfWork& unit, const Message&, const pb::ReleasePayment& command) -> Result<> {
                                              const auto order = read_id<OrderId>(command.order_id(), "order_id");
                                              if (!order) return pass_on(order);
                                              const auto payment = read_id<PaymentId>(command.payment_id(), "payment_id");
                                              if (!payment) return pass_on(payment);
                                              if (const auto released = app.release_payment(unit, {*order, *payment}); !released)
                                                return pass_on(released);
                                              return {};
                                            });
}

}  // namespace payments::ports
