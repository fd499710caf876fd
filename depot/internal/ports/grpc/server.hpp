#pragma once

#include "depot/internal/app/app.hpp"
#include "pkg/ids/uuid.hpp"
#include "pkg/rpc/service.hpp"

namespace depot::ports {

/// The calls of depotpb/api.proto, for gRPC and REST alike. Both arguments outlive the service.
pkg::rpc::Service depot_service(const app::Application& app, pkg::ids::IdSource& ids);

}  // namespace depot::ports
