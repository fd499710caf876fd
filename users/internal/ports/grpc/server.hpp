#pragma once

#include <functional>
#include <string>

#include "pkg/errors/error.hpp"
#include "pkg/ids/uuid.hpp"
#include "pkg/rpc/service.hpp"
#include "users/internal/app/app.hpp"

namespace users::ports {

/// The public keys as a JWKS text.
using PublicKeys = std::function<pkg::errors::Result<std::string>()>;

/// The calls of userspb/api.proto, for gRPC and REST alike. `app` and `ids` outlive the service.
pkg::rpc::Service users_service(app::Application& app, pkg::ids::IdSource& ids, PublicKeys keys);

}  // namespace users::ports
