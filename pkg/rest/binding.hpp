#pragma once
// Fills a call's request from the three places where HTTP can carry it.

#include <string>
#include <vector>

#include <google/protobuf/message.h>

#include "pkg/errors/error.hpp"
#include "pkg/rest/http.hpp"
#include "pkg/rest/route.hpp"

namespace pkg::rest {

/// The path's values, then the query, then the body. Fails as `malformed` with the field at fault: unknown_parameter,
/// duplicate_parameter, path_conflict (the body names another value than the path), body_missing, body_not_expected, or whatever
/// reading a value fails with.
errors::Result<> bind_request(const Route& route, const std::vector<std::string>& path_values, const Request& http,
                              google::protobuf::Message& request);

/// True for application/json and application/*+json, with or without parameters.
bool is_json(std::string_view content_type);

}  // namespace pkg::rest
