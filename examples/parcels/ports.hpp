#pragma once
// What stands between the use cases and the world: storage, messages, calls.

#include "pkg/es_pg/codec.hpp"
#include "pkg/messaging/handlers.hpp"
#include "pkg/messaging/publisher.hpp"
#include "pkg/rpc/service.hpp"
#include "use_cases.hpp"

namespace parcels {

/// How a parcel's events are written down (parcelspb/stored.proto). Names and versions are pinned once something was stored.
pkg::es_pg::EventCodec<Parcel> parcel_codec();

/// The table of migrations/0001_whereabouts.sql.
class PgWhereabouts final : public Whereabouts {
 public:
  void note(UnitOfWork& unit, const ParcelId& id, const Parcel& parcel) override;
  Result<std::vector<ParcelId>> at(UnitOfWork& unit, const std::string& place) override;
};

constexpr std::string_view parcel_events = "post.parcels.events.Parcel";
constexpr std::string_view carrier_scans = "post.carrier.events.Scan";

/// Tells others through the outbox that a parcel was delivered.
class PublishedNews final : public News {
 public:
  explicit PublishedNews(pkg::messaging::Publisher& publisher) : publisher_(publisher) {}
  void tell(UnitOfWork& unit, const ParcelId& id, const Loaded& after, const ParcelEvent& event) override;

 private:
  pkg::messaging::Publisher& publisher_;
};

/// What parcels does with the messages of others. `use_cases` outlives the handlers.
void handle_messages(pkg::messaging::Handlers& handlers, UseCases& use_cases);

/// The calls of parcelspb/api.proto, for gRPC and REST alike. Both arguments outlive the service.
pkg::rpc::Service parcels_service(UseCases& use_cases, pkg::ids::IdSource& ids);

}  // namespace parcels
