#include "depot/internal/adapters/grpc/stores_directory.hpp"

#include "stores/storespb/api.pb.h"

namespace depot::adapters::grpc {

namespace pb = mallbots::stores::v1;
using pkg::errors::ErrorKind;

pkg::errors::Result<std::optional<app::StoreFact>> StoresDirectory::look_up(const pkg::uow::Cause& cause, const domain::StoreId& store) {
  pb::GetStoreRequest request;
  request.set_id(store.to_string());
  const auto found = stores_.call<pb::GetStoreRequest, pb::Store>("mallbots.stores.v1.StoresService.GetStore", request, {.cause = cause});
  if (!found && found.error().kind == ErrorKind::not_found) return std::optional<app::StoreFact>{};
  if (!found) return pkg::errors::pass_on(found);
  return std::optional(app::StoreFact{store, found->name(), found->location(), found->version()});
}

}  // namespace depot::adapters::grpc
