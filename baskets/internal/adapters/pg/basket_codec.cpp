#include "baskets/internal/adapters/pg/basket_codec.hpp"

#include <variant>

#include "baskets/internal/adapters/pg/basket_events.pb.h"
#include "pkg/es_pg/proto_events.hpp"
#include "pkg/money/moneypb/convert.hpp"

namespace baskets::adapters::pg {
namespace {

namespace pb = mallbots::baskets::store::v1;
using domain::BasketEvent;
using domain::PaymentId;
using domain::ProductId;
using domain::StoreId;
using domain::UserId;
using pkg::clock::from_unix_us;
using pkg::clock::unix_us;
using pkg::es_pg::StoredEvent;
using pkg::es_pg::to_stored;

using Read = std::optional<BasketEvent>;

struct Encode {
  StoredEvent operator()(const domain::BasketStarted& e) const {
    pb::BasketStarted p;
    p.set_owner(e.owner.to_bytes());
    p.set_at_us(unix_us(e.at));
    return to_stored("BasketStarted", p);
  }
  StoredEvent operator()(const domain::ItemAdded& e) const {
    pb::ItemAdded p;
    p.set_product(e.product.to_bytes());
    p.set_store(e.store.to_bytes());
    p.set_product_name(e.product_name);
    p.set_store_name(e.store_name);
    *p.mutable_price() = pkg::money::to_proto(e.price);
    p.set_quantity(e.quantity);
    p.set_at_us(unix_us(e.at));
    return to_stored("ItemAdded", p);
  }
  StoredEvent operator()(const domain::ItemRemoved& e) const {
    pb::ItemRemoved p;
    p.set_product(e.product.to_bytes());
    p.set_quantity(e.quantity);
    p.set_at_us(unix_us(e.at));
    return to_stored("ItemRemoved", p);
  }
  StoredEvent operator()(const domain::ItemRepriced& e) const {
    pb::ItemRepriced p;
    p.set_product(e.product.to_bytes());
    *p.mutable_price() = pkg::money::to_proto(e.price);
    p.set_at_us(unix_us(e.at));
    return to_stored("ItemRepriced", p);
  }
  StoredEvent operator()(const domain::BasketCheckedOut& e) const {
    pb::BasketCheckedOut p;
    p.set_payment(e.payment.to_bytes());
    p.set_at_us(unix_us(e.at));
    return to_stored("BasketCheckedOut", p);
  }
  StoredEvent operator()(const domain::BasketCanceled& e) const {
    pb::BasketCanceled p;
    p.set_at_us(unix_us(e.at));
    return to_stored("BasketCanceled", p);
  }
  StoredEvent operator()(const domain::BasketExpired& e) const {
    pb::BasketExpired p;
    p.set_at_us(unix_us(e.at));
    return to_stored("BasketExpired", p);
  }
};

Read started(const pb::BasketStarted& p) {
  const auto owner = UserId::from_bytes(p.owner());
  if (!owner) return std::nullopt;
  return domain::BasketStarted{*owner, from_unix_us(p.at_us())};
}
Read item_added(const pb::ItemAdded& p) {
  const auto product = ProductId::from_bytes(p.product());
  const auto store = StoreId::from_bytes(p.store());
  const auto price = pkg::money::from_proto(p.price(), "price");
  if (!product || !store || !price) return std::nullopt;
  return domain::ItemAdded{*product, *store, p.product_name(), p.store_name(), *price, p.quantity(), from_unix_us(p.at_us())};
}
Read item_removed(const pb::ItemRemoved& p) {
  const auto product = ProductId::from_bytes(p.product());
  if (!product) return std::nullopt;
  return domain::ItemRemoved{*product, p.quantity(), from_unix_us(p.at_us())};
}
Read item_repriced(const pb::ItemRepriced& p) {
  const auto product = ProductId::from_bytes(p.product());
  const auto price = pkg::money::from_proto(p.price(), "price");
  if (!product || !price) return std::nullopt;
  return domain::ItemRepriced{*product, *price, from_unix_us(p.at_us())};
}
Read checked_out(const pb::BasketCheckedOut& p) {
  const auto payment = PaymentId::from_bytes(p.payment());
  if (!payment) return std::nullopt;
  return domain::BasketCheckedOut{*payment, from_unix_us(p.at_us())};
}
Read canceled(const pb::BasketCanceled& p) { return domain::BasketCanceled{from_unix_us(p.at_us())}; }
Read expired(const pb::BasketExpired& p) { return domain::BasketExpired{from_unix_us(p.at_us())}; }

pkg::errors::Result<BasketEvent> decode(const StoredEvent& stored) {
  return pkg::es_pg::StoredEventReader<BasketEvent>(stored)
      .on<pb::BasketStarted>("BasketStarted", 1, started)
      .on<pb::ItemAdded>("ItemAdded", 1, item_added)
      .on<pb::ItemRemoved>("ItemRemoved", 1, item_removed)
      .on<pb::ItemRepriced>("ItemRepriced", 1, item_repriced)
      .on<pb::BasketCheckedOut>("BasketCheckedOut", 1, checked_out)
      .on<pb::BasketCanceled>("BasketCanceled", 1, canceled)
      .on<pb::BasketExpired>("BasketExpired", 1, expired)
      .event();
}

}  // namespace

pkg::es_pg::EventCodec<domain::Basket> basket_codec() {
  return {[](const BasketEvent& event) { return std::visit(Encode{}, event); }, decode};
}

}  // namespace baskets::adapters::pg
