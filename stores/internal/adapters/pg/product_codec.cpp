#include "stores/internal/adapters/pg/product_codec.hpp"

#include <variant>

#include "pkg/es_pg/proto_events.hpp"
#include "pkg/money/moneypb/convert.hpp"
#include "stores/internal/adapters/pg/stores_events.pb.h"

namespace stores::adapters::pg {
namespace {

namespace pb = mallbots::stores::store::v1;
using domain::ProductEvent;
using pkg::es_pg::StoredEvent;
using pkg::es_pg::to_stored;

using Read = std::optional<ProductEvent>;

struct Encode {
  StoredEvent operator()(const domain::ProductAdded& e) const {
    pb::ProductAdded p;
    p.set_store(e.store.to_bytes());
    p.set_name(e.name);
    p.set_description(e.description);
    p.set_sku(e.sku);
    *p.mutable_price() = pkg::money::to_proto(e.price);
    return to_stored("ProductAdded", p);
  }
  StoredEvent operator()(const domain::ProductRebranded& e) const {
    pb::ProductRebranded p;
    p.set_name(e.name);
    p.set_description(e.description);
    return to_stored("ProductRebranded", p);
  }
  StoredEvent operator()(const domain::ProductPriceIncreased& e) const {
    pb::ProductPriceIncreased p;
    *p.mutable_price() = pkg::money::to_proto(e.price);
    return to_stored("ProductPriceIncreased", p);
  }
  StoredEvent operator()(const domain::ProductPriceDecreased& e) const {
    pb::ProductPriceDecreased p;
    *p.mutable_price() = pkg::money::to_proto(e.price);
    return to_stored("ProductPriceDecreased", p);
  }
  StoredEvent operator()(const domain::ProductRemoved&) const { return to_stored("ProductRemoved", pb::ProductRemoved()); }
};

Read added(const pb::ProductAdded& p) {
  const auto store = domain::StoreId::from_bytes(p.store());
  const auto price = pkg::money::from_proto(p.price(), "price");
  if (!store || !price) return std::nullopt;
  return domain::ProductAdded{*store, p.name(), p.description(), p.sku(), *price};
}
Read rebranded(const pb::ProductRebranded& p) { return domain::ProductRebranded{p.name(), p.description()}; }
Read increased(const pb::ProductPriceIncreased& p) {
  const auto price = pkg::money::from_proto(p.price(), "price");
  if (!price) return std::nullopt;
  return domain::ProductPriceIncreased{*price};
}
Read decreased(const pb::ProductPriceDecreased& p) {
  const auto price = pkg::money::from_proto(p.price(), "price");
  if (!price) return std::nullopt;
  return domain::ProductPriceDecreased{*price};
}
Read removed(const pb::ProductRemoved&) { return domain::ProductRemoved{}; }

pkg::errors::Result<ProductEvent> decode(const StoredEvent& stored) {
  return pkg::es_pg::StoredEventReader<ProductEvent>(stored)
      .on<pb::ProductAdded>("ProductAdded", 1, added)
      .on<pb::ProductRebranded>("ProductRebranded", 1, rebranded)
      .on<pb::ProductPriceIncreased>("ProductPriceIncreased", 1, increased)
      .on<pb::ProductPriceDecreased>("ProductPriceDecreased", 1, decreased)
      .on<pb::ProductRemoved>("ProductRemoved", 1, removed)
      .event();
}

}  // namespace

pkg::es_pg::EventCodec<domain::Product> product_codec() {
  return {[](const ProductEvent& event) { return std::visit(Encode{}, event); }, decode};
}

}  // namespace stores::adapters::pg
