#include "ports.hpp"

#include "parcelspb/stored.pb.h"
#include "pkg/es_pg/proto_events.hpp"
#include "pkg/postgres/transactor.hpp"

namespace parcels {
namespace {

namespace pb = post::parcels::stored::v1;
using pkg::es_pg::StoredEvent;
using pkg::es_pg::to_stored;
using Read = std::optional<ParcelEvent>;

struct Encode {
  StoredEvent operator()(const Sent& event) const {
    pb::Sent stored;
    stored.set_to(event.to);
    return to_stored("Sent", stored);
  }
  StoredEvent operator()(const Seen& event) const {
    pb::Seen stored;
    stored.set_place(event.place);
    return to_stored("Seen", stored);
  }
  StoredEvent operator()(const Delivered&) const { return to_stored("Delivered", pb::Delivered{}); }
};

Result<ParcelEvent> decode(const StoredEvent& stored) {
  return pkg::es_pg::StoredEventReader<ParcelEvent>(stored)
      .on<pb::Sent>("Sent", 1, [](const pb::Sent& p) -> Read { return Sent{p.to()}; })
      .on<pb::Seen>("Seen", 1, [](const pb::Seen& p) -> Read { return Seen{p.place()}; })
      .on<pb::Delivered>("Delivered", 1, [](const pb::Delivered&) -> Read { return Delivered{}; })
      .event();
}

}  // namespace

pkg::es_pg::EventCodec<Parcel> parcel_codec() {
  return {[](const ParcelEvent& event) { return std::visit(Encode{}, event); }, decode};
}

void PgWhereabouts::note(UnitOfWork& unit, const ParcelId& id, const Parcel& parcel) {
  auto& transaction = pkg::postgres::transaction_of(unit);
  if (parcel.status == ParcelStatus::on_the_way) {
    transaction.execute(
        "INSERT INTO whereabouts (parcel_id, place) VALUES ($1, $2) ON CONFLICT (parcel_id) DO UPDATE SET place = excluded.place",
        {id, parcel.place.value_or("")});
  } else {
    transaction.execute("DELETE FROM whereabouts WHERE parcel_id = $1", {id});
  }
}

Result<std::vector<ParcelId>> PgWhereabouts::at(UnitOfWork& unit, const std::string& place) {
  const auto rows =
      pkg::postgres::transaction_of(unit).query("SELECT parcel_id FROM whereabouts WHERE place = $1 ORDER BY parcel_id LIMIT 100", {place});
  if (!rows) return pkg::errors::pass_on(rows);
  std::vector<ParcelId> ids;
  for (const auto row : *rows) ids.emplace_back(row.uuid(0));
  return ids;
}

}  // namespace parcels
