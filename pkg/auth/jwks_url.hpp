#pragma once

#include <chrono>
#include <string>

#include "pkg/auth/key_set.hpp"

namespace pkg::auth {

/// Fetches a JWKS (RFC 7517) with GET. Fails with `unavailable`, code "keys_unavailable", where there is no answer in time or another one
/// than 200; at most 64 KiB are read.
KeySet::Fetch keys_at(std::string url, std::chrono::milliseconds timeout = std::chrono::seconds{2});

}  // namespace pkg::auth
