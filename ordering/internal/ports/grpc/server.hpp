#pragma once

#include "ordering/internal/app/app.hpp"
#include "pkg/rpc/service.hpp"

namespace ordering::ports {

/// The calls of orderingpb/api.proto, for gRPC and REST alike. `app` outlives the service.
pkg::rpc::Service ordering_service(const app::Application& app);

}  // namespace ordering::ports
