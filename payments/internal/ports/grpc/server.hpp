#pragma once

#include "payments/internal/app/app.hpp"
#include "pkg/ids/uuid.hpp"
#include "pkg/rpc/service.hpp"

namespace payments::ports {

/// The calls of paymentspb/api.proto, for gRPC and REST alike. Both arguments outlive the service.
pkg::rpc::Service payments_service(const app::Application& app, pkg::ids::IdSource& ids);

}  // namespace payments::ports
