#include "ports.hpp"

#include "parcelspb/messages.pb.h"
#include "pkg/rpc/read.hpp"

namespace parcels {

namespace pb = post::parcels::v1;

void PublishedNews::tell(UnitOfWork& unit, const ParcelId& id, const Loaded& after, const ParcelEvent& event) {
  if (!std::holds_alternative<Delivered>(event)) return;
  pb::ParcelDelivered message;
  message.set_parcel_id(id.to_string());
  message.set_to(after.state.to);
  publisher_.event(unit, parcel_events, id.to_string(), after.version, message);
}

void handle_messages(pkg::messaging::Handlers& handlers, UseCases& use_cases) {
  // A scan of a parcel that is not known is parked, tried again with back-off, and dead in the end: visible, and never lost.
  handlers.on<pb::ParcelScanned>([&use_cases](UnitOfWork& unit, const auto&, const pb::ParcelScanned& scan) -> Result<> {
    const auto id = pkg::rpc::read_id<ParcelId>(scan.parcel_id(), "parcel_id");
    if (!id) return pkg::errors::pass_on(id);
    return use_cases.scanned(unit, *id, scan.place());
  });
}

}  // namespace parcels
