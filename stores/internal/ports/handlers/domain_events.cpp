#include "stores/internal/ports/handlers/domain_events.hpp"

#include <variant>

#include "pkg/money/moneypb/convert.hpp"
#include "pkg/money/moneypb/money.pb.h"
#include "stores/internal/constants/names.hpp"
#include "stores/storespb/messages.pb.h"

namespace stores::ports {
namespace {

namespace pb = mallbots::stores::v1;

struct TellOfStore {
  pkg::messaging::Publisher& publisher;
  pkg::uow::UnitOfWork& unit;
  const std::string id;
  pkg::es::Version version;

  void operator()(const domain::StoreCreated& event) const {
    pb::StoreCreated message;
    message.set_name(event.name);
    message.set_location(event.location);
    message.set_owner_id(event.owner.to_string());
    publish(message);
  }
  void operator()(const domain::StoreParticipationEnabled&) const { publish(pb::StoreParticipationEnabled()); }
  void operator()(const domain::StoreParticipationDisabled&) const { publish(pb::StoreParticipationDisabled()); }
  void operator()(const domain::StoreRebranded& event) const {
    pb::StoreRebranded message;
    message.set_name(event.name);
    publish(message);
  }

  template <class P>
  void publish(P message) const {
    message.set_store_id(id);
    publisher.event(unit, constants::store_events, id, version, message);
  }
};

struct TellOfProduct {
  pkg::messaging::Publisher& publisher;
  pkg::uow::UnitOfWork& unit;
  const std::string id;
  const domain::Product& product;
  pkg::es::Version version;

  void operator()(const domain::ProductAdded& event) const {
    pb::ProductAdded message;
    message.set_store_id(event.store.to_string());
    message.set_name(event.name);
    message.set_description(event.description);
    message.set_sku(event.sku);
    *message.mutable_price() = pkg::money::to_proto(event.price);
    publish(message);
  }
  void operator()(const domain::ProductRebranded& event) const {
    pb::ProductRebranded message;
    message.set_name(event.name);
    message.set_description(event.description);
    publish(message);
  }
  void operator()(const domain::ProductPriceIncreased& event) const { priced(pb::ProductPriceIncreased(), event.price); }
  void operator()(const domain::ProductPriceDecreased& event) const { priced(pb::ProductPriceDecreased(), event.price); }
  void operator()(const domain::ProductRemoved&) const {
    pb::ProductRemoved message;
    message.set_store_id(product.store.to_string());
    publish(message);
  }

  template <class P>
  void priced(P message, const pkg::money::Money& price) const {
    *message.mutable_price() = pkg::money::to_proto(price);
    publish(message);
  }
  template <class P>
  void publish(P message) const {
    message.set_product_id(id);
    publisher.event(unit, constants::product_events, id, version, message);
  }
};

}  // namespace

void PublishedStoreNews::tell(pkg::uow::UnitOfWork& unit, const domain::StoreId& id, const pkg::es::Loaded<domain::Store>& after,
                              std::span<const domain::StoreEvent> events) {
  pkg::es::Version version = after.version - events.size();
  for (const auto& event : events) std::visit(TellOfStore{publisher_, unit, id.to_string(), ++version}, event);
}

void PublishedProductNews::tell(pkg::uow::UnitOfWork& unit, const domain::ProductId& id, const pkg::es::Loaded<domain::Product>& after,
                                std::span<const domain::ProductEvent> events) {
  pkg::es::Version version = after.version - events.size();
  for (const auto& event : events) std::visit(TellOfProduct{publisher_, unit, id.to_string(), after.state, ++version}, event);
}

}  // namespace stores::ports
