#include "ordering/internal/adapters/pg/order_codec.hpp"

#include <variant>

#include "ordering/internal/adapters/pg/order_events.pb.h"
#include "pkg/es_pg/proto_events.hpp"
#include "pkg/money/moneypb/convert.hpp"

namespace ordering::adapters::pg {
namespace {

namespace pb = mallbots::ordering::store::v1;
using domain::OrderEvent;
using pkg::clock::from_unix_us;
using pkg::clock::unix_us;
using pkg::es_pg::StoredEvent;
using pkg::es_pg::to_stored;

using Read = std::optional<OrderEvent>;

struct Encode {
  StoredEvent operator()(const domain::OrderCreated& e) const {
    pb::OrderCreated p;
    p.set_user(e.user.to_bytes());
    p.set_payment(e.payment.to_bytes());
    for (const auto& line : e.items) {
      auto& item = *p.add_items();
      item.set_product(line.product.to_bytes());
      item.set_store(line.store.to_bytes());
      item.set_product_name(line.product_name);
      item.set_store_name(line.store_name);
      *item.mutable_price() = pkg::money::to_proto(line.price);
      item.set_quantity(line.quantity);
    }
    *p.mutable_total() = pkg::money::to_proto(e.total);
    p.set_at_us(unix_us(e.at));
    return to_stored("OrderCreated", p);
  }
  StoredEvent operator()(const domain::OrderApproved& e) const {
    pb::OrderApproved p;
    p.set_shopping_list(e.shopping_list.to_bytes());
    p.set_at_us(unix_us(e.at));
    return to_stored("OrderApproved", p);
  }
  StoredEvent operator()(const domain::OrderRejected& e) const {
    pb::OrderRejected p;
    p.set_code(e.code);
    p.set_reason(e.reason);
    p.set_at_us(unix_us(e.at));
    return to_stored("OrderRejected", p);
  }
  StoredEvent operator()(const domain::OrderCanceled& e) const {
    pb::OrderCanceled p;
    p.set_at_us(unix_us(e.at));
    return to_stored("OrderCanceled", p);
  }
  StoredEvent operator()(const domain::OrderPickedEarly& e) const {
    pb::OrderPickedEarly p;
    p.set_at_us(unix_us(e.at));
    return to_stored("OrderPickedEarly", p);
  }
  StoredEvent operator()(const domain::OrderListCanceledEarly& e) const {
    pb::OrderListCanceledEarly p;
    p.set_at_us(unix_us(e.at));
    return to_stored("OrderListCanceledEarly", p);
  }
  StoredEvent operator()(const domain::OrderReadied& e) const {
    pb::OrderReadied p;
    p.set_at_us(unix_us(e.at));
    return to_stored("OrderReadied", p);
  }
  StoredEvent operator()(const domain::OrderCompleted& e) const {
    pb::OrderCompleted p;
    p.set_invoice(e.invoice.to_bytes());
    p.set_at_us(unix_us(e.at));
    return to_stored("OrderCompleted", p);
  }
};

std::optional<domain::OrderItem> item(const pb::OrderItem& p) {
  const auto product = domain::ProductId::from_bytes(p.product());
  const auto store = domain::StoreId::from_bytes(p.store());
  const auto price = pkg::money::from_proto(p.price(), "price");
  if (!product || !store || !price) return std::nullopt;
  return domain::OrderItem{*product, *store, p.product_name(), p.store_name(), *price, p.quantity()};
}
Read created(const pb::OrderCreated& p) {
  const auto user = domain::UserId::from_bytes(p.user());
  const auto payment = domain::PaymentId::from_bytes(p.payment());
  const auto total = pkg::money::from_proto(p.total(), "total");
  if (!user || !payment || !total) return std::nullopt;
  domain::OrderCreated event{*user, *payment, {}, *total, from_unix_us(p.at_us())};
  for (const auto& line : p.items()) {
    auto read = item(line);
    if (!read) return std::nullopt;
    event.items.push_back(std::move(*read));
  }
  return event;
}
Read approved(const pb::OrderApproved& p) {
  const auto list = domain::ShoppingListId::from_bytes(p.shopping_list());
  if (!list) return std::nullopt;
  return domain::OrderApproved{*list, from_unix_us(p.at_us())};
}
Read rejected(const pb::OrderRejected& p) { return domain::OrderRejected{p.code(), p.reason(), from_unix_us(p.at_us())}; }
Read canceled(const pb::OrderCanceled& p) { return domain::OrderCanceled{from_unix_us(p.at_us())}; }
Read picked_early(const pb::OrderPickedEarly& p) { return domain::OrderPickedEarly{from_unix_us(p.at_us())}; }
Read list_canceled_early(const pb::OrderListCanceledEarly& p) { return domain::OrderListCanceledEarly{from_unix_us(p.at_us())}; }
Read readied(const pb::OrderReadied& p) { return domain::OrderReadied{from_unix_us(p.at_us())}; }
Read completed(const pb::OrderCompleted& p) {
  const auto invoice = domain::InvoiceId::from_bytes(p.invoice());
  if (!invoice) return std::nullopt;
  return domain::OrderCompleted{*invoice, from_unix_us(p.at_us())};
}

pkg::errors::Result<OrderEvent> decode(const StoredEvent& stored) {
  return pkg::es_pg::StoredEventReader<OrderEvent>(stored)
      .on<pb::OrderCreated>("OrderCreated", 1, created)
      .on<pb::OrderApproved>("OrderApproved", 1, approved)
      .on<pb::OrderRejected>("OrderRejected", 1, rejected)
      .on<pb::OrderCanceled>("OrderCanceled", 1, canceled)
      .on<pb::OrderPickedEarly>("OrderPickedEarly", 1, picked_early)
      .on<pb::OrderListCanceledEarly>("OrderListCanceledEarly", 1, list_canceled_early)
      .on<pb::OrderReadied>("OrderReadied", 1, readied)
      .on<pb::OrderCompleted>("OrderCompleted", 1, completed)
      .event();
}

}  // namespace

pkg::es_pg::EventCodec<domain::Order> order_codec() {
  return {[](const OrderEvent& event) { return std::visit(Encode{}, event); }, decode};
}

}  // namespace ordering::adapters::pg
