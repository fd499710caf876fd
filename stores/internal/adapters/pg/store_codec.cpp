#include "stores/internal/adapters/pg/store_codec.hpp"

#include <variant>

#include "pkg/es_pg/proto_events.hpp"
#include "stores/internal/adapters/pg/stores_events.pb.h"

namespace stores::adapters::pg {
namespace {

namespace pb = mallbots::stores::store::v1;
using domain::StoreEvent;
using pkg::es_pg::StoredEvent;
using pkg::es_pg::to_stored;

using Read = std::optional<StoreEvent>;

struct Encode {
  StoredEvent operator()(const domain::StoreCreated& e) const {
    pb::StoreCreated p;
    p.set_owner(e.owner.to_bytes());
    p.set_name(e.name);
    p.set_location(e.location);
    return to_stored("StoreCreated", p);
  }
  StoredEvent operator()(const domain::StoreParticipationEnabled&) const {
    return to_stored("StoreParticipationEnabled", pb::StoreParticipationEnabled());
  }
  StoredEvent operator()(const domain::StoreParticipationDisabled&) const {
    return to_stored("StoreParticipationDisabled", pb::StoreParticipationDisabled());
  }
  StoredEvent operator()(const domain::StoreRebranded& e) const {
    pb::StoreRebranded p;
    p.set_name(e.name);
    return to_stored("StoreRebranded", p);
  }
};

Read created(const pb::StoreCreated& p) {
  const auto owner = domain::UserId::from_bytes(p.owner());
  if (!owner) return std::nullopt;
  return domain::StoreCreated{*owner, p.name(), p.location()};
}
Read enabled(const pb::StoreParticipationEnabled&) { return domain::StoreParticipationEnabled{}; }
Read disabled(const pb::StoreParticipationDisabled&) { return domain::StoreParticipationDisabled{}; }
Read rebranded(const pb::StoreRebranded& p) { return domain::StoreRebranded{p.name()}; }

pkg::errors::Result<StoreEvent> decode(const StoredEvent& stored) {
  return pkg::es_pg::StoredEventReader<StoreEvent>(stored)
      .on<pb::StoreCreated>("StoreCreated", 1, created)
      .on<pb::StoreParticipationEnabled>("StoreParticipationEnabled", 1, enabled)
      .on<pb::StoreParticipationDisabled>("StoreParticipationDisabled", 1, disabled)
      .on<pb::StoreRebranded>("StoreRebranded", 1, rebranded)
      .event();
}

}  // namespace

pkg::es_pg::EventCodec<domain::Store> store_codec() {
  return {[](const StoreEvent& event) { return std::visit(Encode{}, event); }, decode};
}

}  // namespace stores::adapters::pg
