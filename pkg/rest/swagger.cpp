#include "pkg/rest/swagger.hpp"

#include <string>

namespace pkg::rest {
namespace {

constexpr std::string_view index_page = R"(<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>API</title>
<link rel="stylesheet" href="swagger-ui.css">
</head>
<body>
<div id="swagger-ui"></div>
<script src="swagger-ui-bundle.js"></script>
<script>SwaggerUIBundle({url: "../openapi.json", dom_id: "#swagger-ui", deepLinking: true, persistAuthorization: true});</script>
</body>
</html>
)";

constexpr std::string_view page_without_files = R"(<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>API</title></head>
<body><p>This was built without Swagger UI. The API: <a href="../openapi.json">openapi.json</a></p></body>
</html>
)";

}  // namespace

void add_swagger(Site& site) {
  const std::string_view page = swagger_files().empty() ? page_without_files : index_page;
  site.add_get("/swagger", [](const Request&) { return Response{.status = 308, .headers = {{"Location", "swagger/"}}}; });
  site.add_get("/swagger/", [page](const Request&) { return Response{.content_type = "text/html; charset=utf-8", .static_body = page}; });
  for (const embed::EmbeddedFile& file : swagger_files()) {
    const std::string_view name = file.name.substr(0, file.name.rfind(".gz"));
    const std::string type = name.ends_with(".css") ? "text/css; charset=utf-8" : "text/javascript; charset=utf-8";
    // Sent compressed to whoever asks: every browser can, and the plain bytes are not in the program.
    site.add_get("/swagger/" + std::string(name), [file, type](const Request&) {
      return Response{.content_type = type,
                      .static_body = file.bytes,
                      .headers = {{"Content-Encoding", "gzip"}, {"Cache-Control", "public, max-age=86400"}}};
    });
  }
}

}  // namespace pkg::rest
