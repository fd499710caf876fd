#include "ports.hpp"

#include "parcelspb/api.pb.h"
#include "pkg/rpc/read.hpp"

namespace parcels {
namespace {

namespace pb = post::parcels::v1;
using pkg::errors::pass_on;
using pkg::rpc::Call;

pb::Parcel::Status to_proto(ParcelStatus status) {
  switch (status) {
    case ParcelStatus::none: return pb::Parcel::STATUS_UNSPECIFIED;
    case ParcelStatus::on_the_way: return pb::Parcel::ON_THE_WAY;
    case ParcelStatus::delivered: return pb::Parcel::DELIVERED;
  }
  std::unreachable();
}

Result<pb::Parcel> answer(const ParcelId& id, const Result<Loaded>& loaded) {
  if (!loaded) return pass_on(loaded);
  pb::Parcel message;
  message.set_id(id.to_string());
  message.set_to(loaded->state.to);
  message.set_status(to_proto(loaded->state.status));
  if (loaded->state.place) message.set_place(*loaded->state.place);
  message.set_version(loaded->version);
  return message;
}

class Calls {
 public:
  Calls(UseCases& use_cases, pkg::ids::IdSource& ids) : use_cases_(use_cases), ids_(ids) {}

  Result<pb::SendParcelResponse> send(const Call& call, const pb::SendParcelRequest& request) const {
    const auto id = ParcelId::make(ids_);
    if (const auto sent = use_cases_.send(call.cause, id, request.to()); !sent) return pass_on(sent);
    pb::SendParcelResponse response;
    response.set_id(id.to_string());
    return response;
  }
  Result<pb::Parcel> get(const Call& call, const pb::GetParcelRequest& request) const {
    const auto id = pkg::rpc::read_id<ParcelId>(request.id(), "id");
    if (!id) return pass_on(id);
    return answer(*id, use_cases_.get(call.cause, *id));
  }
  Result<pb::ListParcelsResponse> list(const Call& call, const pb::ListParcelsRequest& request) const {
    const auto found = use_cases_.at(call.cause, request.place());
    if (!found) return pass_on(found);
    pb::ListParcelsResponse response;
    for (const auto& id : *found) response.add_ids(id.to_string());
    return response;
  }
  Result<pb::Parcel> deliver(const Call& call, const pb::DeliverParcelRequest& request) const {
    const auto id = pkg::rpc::read_id<ParcelId>(request.id(), "id");
    if (!id) return pass_on(id);
    return answer(*id, use_cases_.deliver(call.cause, *id));
  }

 private:
  UseCases& use_cases_;
  pkg::ids::IdSource& ids_;
};

}  // namespace

pkg::rpc::Service parcels_service(UseCases& use_cases, pkg::ids::IdSource& ids) {
  const Calls calls(use_cases, ids);
  return pkg::rpc::Service("post.parcels.v1.Parcels")
      .unary("SendParcel", calls, &Calls::send)
      .unary("GetParcel", calls, &Calls::get)
      .unary("ListParcels", calls, &Calls::list)
      .unary("DeliverParcel", calls, &Calls::deliver);
}

}  // namespace parcels
