#pragma once

#include "pkg/ids/uuid.hpp"
#include "pkg/rpc/service.hpp"
#include "stores/internal/app/app.hpp"

namespace stores::ports {

/// The calls of storespb/api.proto, for gRPC and REST alike. Both arguments outlive the service.
pkg::rpc::Service stores_service(const app::Application& app, pkg::ids::IdSource& ids);

}  // namespace stores::ports
