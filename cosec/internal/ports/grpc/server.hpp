#pragma once

#include "cosec/internal/app/app.hpp"
#include "pkg/rpc/service.hpp"

namespace cosec::ports {

/// The calls of cosecpb/api.proto, for gRPC and REST alike. `app` outlives the service.
pkg::rpc::Service cosec_service(const app::Application& app);

}  // namespace cosec::ports
