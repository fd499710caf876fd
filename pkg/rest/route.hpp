#pragma once
// A call of a service as one HTTP route, resolved from its google.api.http rule when the service starts.

#include <string>
#include <vector>

#include <google/protobuf/descriptor.h>

#include "pkg/rest/http.hpp"
#include "pkg/rest/path_template.hpp"
#include "pkg/rpc/service.hpp"

namespace pkg::rest {

/// A field and the messages it stands in, from the request down.
using FieldPath = std::vector<const google::protobuf::FieldDescriptor*>;

enum class Body {
  none,   ///< every field comes from the path and the query
  whole,  ///< the body is the request, but for what the path says
  field,  ///< the body is one field; the others come from the path and the query
};

struct Route {
  Verb verb;
  PathTemplate path;
  const rpc::Method* method;
  std::vector<FieldPath> variables;  ///< as path.variables()
  Body body = Body::none;
  const google::protobuf::FieldDescriptor* body_field = nullptr;
  const google::protobuf::FieldDescriptor* response_field = nullptr;  ///< answered instead of the whole response
  bool needs_body = false;                                            ///< there is something that only the body can say
  bool creates = false;
};

/// The routes of all calls that have a rule, the most specific first; calls without one are gRPC's alone. What is wrong in a rule is
/// added to `faults`, a sentence each.
std::vector<Route> routes_of(const std::vector<const rpc::Service*>& services, std::vector<std::string>& faults);

/// "basket.productId": as callers know it.
std::string json_path(const FieldPath& path);

}  // namespace pkg::rest
