#pragma once
// Internal to pkg/rest: one route as an OpenAPI operation.

#include <string>

#include <boost/json/object.hpp>

#include "pkg/rest/openapi_schemas.hpp"
#include "pkg/rest/route.hpp"

namespace pkg::rest {

/// "/api/v1/files/{name}": the template with the variables' JSON names.
std::string openapi_path(const Route& route);

boost::json::object operation(const Route& route, const std::string& id, const Comments& comments, Schemas& schemas);

}  // namespace pkg::rest
