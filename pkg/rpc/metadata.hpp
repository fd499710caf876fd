#pragma once
// What a request says beside its message, read the same way from gRPC metadata and HTTP headers.

#include <cstdint>
#include <optional>
#include <string_view>

#include "pkg/errors/error.hpp"
#include "pkg/ids/uuid.hpp"
#include "pkg/uow/unit_of_work.hpp"

namespace pkg::rpc {

/// Names of the metadata, in lower case as gRPC wants them.
inline constexpr std::string_view request_id_key = "x-request-id";
inline constexpr std::string_view causation_id_key = "x-causation-id";
inline constexpr std::string_view traceparent_key = "traceparent";
inline constexpr std::string_view if_match_key = "if-match";
inline constexpr std::string_view authorization_key = "authorization";

/// The token of "Bearer <token>" (RFC 6750; the scheme in any case), or empty.
std::string_view bearer_token_of(std::string_view authorization);

/// The cause that a request brings along. A request id that is missing, longer than 128 characters or not of printable ASCII is
/// replaced by a new one: it ends up in logs and messages. A traceparent that is not one of W3C's version 00 is dropped. Without a
/// causation id the request itself is the cause.
uow::Cause cause_of(std::string_view request_id, std::string_view causation_id, std::string_view traceparent, ids::IdSource& ids);

/// The version in an If-Match header: `7`, `"7"` or `W/"7"`; none for an empty header and for `*`. Fails with `malformed`
/// ("if_match_malformed").
errors::Result<std::optional<std::uint64_t>> version_of(std::string_view if_match);

}  // namespace pkg::rpc
