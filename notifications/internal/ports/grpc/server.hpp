#pragma once

#include "notifications/internal/app/app.hpp"
#include "pkg/rpc/service.hpp"

namespace notifications::ports {

/// The calls of notificationspb/api.proto, for gRPC and REST alike. `app` outlives the service.
pkg::rpc::Service notifications_service(const app::Application& app);

}  // namespace notifications::ports
