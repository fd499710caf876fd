#pragma once
// The OpenAPI 3.0 document of a site, made from its routes and the comments of its .proto files.

#include <string>
#include <string_view>

#include "pkg/rest/site.hpp"

namespace pkg::rest {

struct ApiInfo {
  std::string title;
  std::string version;
  std::string server = "/";  ///< what the paths stand behind, as a browser sees it
};

/// `descriptor_set`: the bytes of the services' <NAME>.desc, for the descriptions; may be empty.
std::string openapi(const Site& site, const ApiInfo& info, std::string_view descriptor_set);

/// Serves the document as /openapi.json. It is made when it is first asked for, and kept. The bytes must outlive the site.
void add_openapi(Site& site, ApiInfo info, std::string_view descriptor_set);

}  // namespace pkg::rest
