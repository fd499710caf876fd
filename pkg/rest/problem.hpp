#pragma once
// Failures as HTTP answers: application/problem+json (RFC 9457). The one mapping from our errors to HTTP.

#include <string_view>

#include "pkg/errors/error.hpp"
#include "pkg/rest/http.hpp"

namespace pkg::rest {

int status_of(errors::ErrorKind kind);

/// What the caller is told: never anything of an `internal` error but that it happened. 401 says how to sign in
/// (WWW-Authenticate), 429 and 503 when to come again (Retry-After).
Response problem(const errors::Error& error, std::string_view trace_id);

/// For what only HTTP knows: 404 for an address that does not exist, 405, 413, …
Response problem(int status, std::string_view code, std::string_view detail, std::string_view trace_id, std::string_view field = {});

}  // namespace pkg::rest
