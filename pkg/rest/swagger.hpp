#pragma once
// Swagger UI, from the program itself: no other host is asked for anything.

#include <span>

#include "pkg/embed/embedded_file.hpp"
#include "pkg/rest/site.hpp"

namespace pkg::rest {

/// Serves the UI under /swagger/, showing ../openapi.json: relative, so that both may stand behind a proxy's prefix.
void add_swagger(Site& site);

/// What scripts/fetch-swagger-ui had put into SWAGGER_UI_DIR when this was built: gzip files, or none.
std::span<const embed::EmbeddedFile> swagger_files();

}  // namespace pkg::rest
