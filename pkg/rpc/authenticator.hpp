#pragma once

#include <functional>
#include <string_view>

#include "pkg/errors/error.hpp"
#include "pkg/rpc/call.hpp"

namespace pkg::rpc {

/// From a bearer token to who holds it. Called from many threads at once, never with an empty token. Fails with `unauthenticated`
/// where the token is not valid (any more) and with `unavailable` where that cannot be found out now.
using Authenticator = std::function<errors::Result<Caller>(std::string_view bearer_token)>;

}  // namespace pkg::rpc
