#include "ordering/internal/ports/handlers/domain_events.hpp"

#include <variant>

#include <google/protobuf/util/time_util.h>

#include "ordering/internal/constants/names.hpp"
#include "ordering/orderingpb/messages.pb.h"
#include "pkg/money/moneypb/convert.hpp"

namespace ordering::ports {
namespace {

namespace pb = mallbots::ordering::v1;

struct Tell {
  pkg::messaging::Publisher& publisher;
  pkg::uow::UnitOfWork& unit;
  const std::string id;
  const domain::Order& order;
  pkg::es::Version version;

  void operator()(const domain::OrderCreated& event) const {
    pb::OrderCreated message = about_order<pb::OrderCreated>();
    message.set_payment_id(event.payment.to_string());
    for (const auto& line : event.items) {
      auto& item = *message.add_items();
      item.set_product_id(line.product.to_string());
      item.set_store_id(line.store.to_string());
      item.set_product_name(line.product_name);
      item.set_store_name(line.store_name);
      *item.mutable_price() = pkg::money::to_proto(line.price);
      item.set_quantity(line.quantity);
    }
    *message.mutable_total() = pkg::money::to_proto(event.total);
    *message.mutable_created_at() = google::protobuf::util::TimeUtil::MicrosecondsToTimestamp(pkg::clock::unix_us(event.at));
    publish(message);
  }
  void operator()(const domain::OrderApproved& event) const {
    pb::OrderApproved message = about_order<pb::OrderApproved>();
    message.set_shopping_list_id(event.shopping_list.to_string());
    publish(message);
  }
  void operator()(const domain::OrderRejected& event) const {
    pb::OrderRejected message = about_order<pb::OrderRejected>();
    message.set_code(event.code);
    message.set_reason(event.reason);
    publish(message);
  }
  void operator()(const domain::OrderCanceled&) const {
    pb::OrderCanceled message = about_order<pb::OrderCanceled>();
    message.set_payment_id(order.payment.to_string());
    publish(message);
  }
  void operator()(const domain::OrderPickedEarly&) const {}
  void operator()(const domain::OrderListCanceledEarly&) const {}
  void operator()(const domain::OrderReadied&) const {
    pb::OrderReadied message = about_order<pb::OrderReadied>();
    message.set_payment_id(order.payment.to_string());
    *message.mutable_total() = pkg::money::to_proto(order.total);
    publish(message);
  }
  void operator()(const domain::OrderCompleted& event) const {
    pb::OrderCompleted message = about_order<pb::OrderCompleted>();
    message.set_invoice_id(event.invoice.to_string());
    publish(message);
  }

  template <class P>
  P about_order() const {
    P message;
    message.set_order_id(id);
    message.set_user_id(order.user.to_string());
    return message;
  }
  void publish(const google::protobuf::MessageLite& message) const { publisher.event(unit, constants::order_events, id, version, message); }
};

}  // namespace

void PublishedOrderNews::tell(pkg::uow::UnitOfWork& unit, const domain::OrderId& id, const pkg::es::Loaded<domain::Order>& after,
                              std::span<const domain::OrderEvent> events) {
  pkg::es::Version version = after.version - events.size();
  for (const auto& event : events) std::visit(Tell{publisher_, unit, id.to_string(), after.state, ++version}, event);
}

}  // namespace ordering::ports
