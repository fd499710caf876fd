#include "notifications/internal/ports/handlers/integration_events.hpp"

#include "ordering/orderingpb/messages.pb.h"
#include "payments/paymentspb/messages.pb.h"
#include "pkg/money/moneypb/convert.hpp"
#include "pkg/rpc/read.hpp"
#include "users/userspb/messages.pb.h"

namespace notifications::ports {
namespace {

namespace orders = mallbots::ordering::v1;
namespace payments = mallbots::payments::v1;
namespace users = mallbots::users::v1;
using domain::OrderId;
using domain::UserId;
using pkg::errors::pass_on;
using pkg::errors::Result;
using pkg::messaging::Message;
using pkg::rpc::read_id;
using pkg::uow::UnitOfWork;

void handle_users(pkg::messaging::Handlers& handlers, const app::Application& app) {
  handlers.on<users::UserRegistered>([&app](UnitOfWork& unit, const Message& message, const users::UserRegistered& event) -> Result<> {
    const auto user = read_id<UserId>(event.user_id(), "user_id");
    if (!user) return pass_on(user);
    app.welcome_user(unit, {*user, event.username(), event.email(), message.aggregate_version});
    return {};
  });
  handlers.on<users::UserEmailChanged>([&app](UnitOfWork& unit, const Message& message, const users::UserEmailChanged& event) -> Result<> {
    const auto user = read_id<UserId>(event.user_id(), "user_id");
    if (!user) return pass_on(user);
    app.change_address(unit, {*user, event.email(), message.aggregate_version});
    return {};
  });
}

/// Tells the user that the event names of what `news_in` finds in it: `Result<domain::OrderNews>(const Event&)`.
template <class Event, class NewsIn>
void tell_of(pkg::messaging::Handlers& handlers, const app::Application& app, NewsIn news_in) {
  handlers.on<Event>([&app, news_in](UnitOfWork& unit, const Message&, const Event& event) -> Result<> {
    const auto user = read_id<UserId>(event.user_id(), "user_id");
    if (!user) return pass_on(user);
    const auto order = read_id<OrderId>(event.order_id(), "order_id");
    if (!order) return pass_on(order);
    Result<domain::OrderNews> news = news_in(event);
    if (!news) return pass_on(news);
    return app.tell_of_order(unit, {*user, *order, std::move(*news)});
  });
}

Result<domain::OrderNews> read_ready(const payments::InvoiceCreated& event) {
  const auto invoice = read_id<domain::InvoiceId>(event.invoice_id(), "invoice_id");
  if (!invoice) return pass_on(invoice);
  const auto amount = pkg::money::from_proto(event.amount(), "amount");
  if (!amount) return pass_on(amount);
  return domain::OrderReady{*invoice, *amount};
}

}  // namespace

void handle_integration_events(pkg::messaging::Handlers& handlers, const app::Application& app) {
  using News = Result<domain::OrderNews>;
  handle_users(handlers, app);
  handlers.on<orders::OrderCreated>([&app](UnitOfWork& unit, const Message&, const orders::OrderCreated& event) -> Result<> {
    const auto order = read_id<OrderId>(event.order_id(), "order_id");
    if (!order) return pass_on(order);
    const auto total = pkg::money::from_proto(event.total(), "total");
    if (!total) return pass_on(total);
    app::RememberOrder command{*order, {}, *total};
    for (const auto& item : event.items()) command.lines.push_back({item.product_name(), item.quantity()});
    app.remember_order(unit, command);
    return {};
  });
  tell_of<orders::OrderApproved>(handlers, app, [](const auto&) -> News { return domain::OrderApproved{}; });
  tell_of<orders::OrderRejected>(handlers, app, [](const auto& event) -> News { return domain::OrderRejected{event.reason()}; });
  tell_of<payments::InvoiceCreated>(handlers, app, read_ready);
  tell_of<orders::OrderCompleted>(handlers, app, [](const auto&) -> News { return domain::OrderCompleted{}; });
  tell_of<orders::OrderCanceled>(handlers, app, [](const auto&) -> News { return domain::OrderCanceled{}; });
}

}  // namespace notifications::ports
