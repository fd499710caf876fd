#pragma once

#include "baskets/internal/app/app.hpp"
#include "pkg/ids/uuid.hpp"
#include "pkg/rpc/service.hpp"

namespace baskets::ports {

/// The calls of basketspb/api.proto, for gRPC and REST alike. Both arguments outlive the service.
pkg::rpc::Service baskets_service(app::Application& app, pkg::ids::IdSource& ids);

}  // namespace baskets::ports
