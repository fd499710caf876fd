#pragma once

#include "pkg/rpc/service.hpp"
#include "search/internal/app/app.hpp"

namespace search::ports {

/// The calls of searchpb/api.proto, for gRPC and REST alike. The application outlives the service.
pkg::rpc::Service search_service(const app::Application& app);

}  // namespace search::ports
