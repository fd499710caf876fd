#include "pkg/rest/openapi.hpp"

#include <algorithm>
#include <cctype>
#include <map>
#include <memory>

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include "pkg/rest/openapi_operation.hpp"

namespace pkg::rest {
namespace {

using boost::json::array;
using boost::json::object;

std::string lower(std::string_view word) {
  std::string text(word);
  std::ranges::transform(text, text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

object problem_schema() {
  const auto text = [](std::string_view description) { return object{{"type", "string"}, {"description", description}}; };
  return {{"type", "object"},
          {"description", "RFC 9457."},
          {"required", array{"type", "title", "status", "detail", "code", "traceId"}},
          {"properties",
           {{"type", text("Always about:blank.")},
            {"title", text("The status in words.")},
            {"status", {{"type", "integer"}}},
            {"detail", text("A sentence for people.")},
            {"code", text("Stable, for programs.")},
            {"traceId", text("To quote when reporting it.")},
            {"field", text("For bad input: the JSON path at fault.")}}}};
}

object components(const Schemas& schemas) {
  object all = schemas.all();
  all["Problem"] = problem_schema();
  return {{"schemas", std::move(all)},
          {"responses",
           {{"Problem",
             {{"description", "It did not work; code says why."},
              {"content", {{"application/problem+json", {{"schema", {{"$ref", "#/components/schemas/Problem"}}}}}}}}}}},
          {"securitySchemes", {{"bearer", {{"type", "http"}, {"scheme", "bearer"}, {"bearerFormat", "JWT"}}}}}};
}

}  // namespace

std::string openapi(const Site& site, const ApiInfo& info, std::string_view descriptor_set) {
  const Comments comments(descriptor_set);
  Schemas schemas(comments);
  object paths;
  std::map<std::string, int> uses;
  for (const Route& route : site.routes()) {
    const std::string& name = route.method->descriptor->name();
    const int use = ++uses[name];
    const std::string id = use == 1 ? name : name + std::to_string(use);
    const std::string path = openapi_path(route);
    if (!paths.contains(path)) paths[path] = object();
    paths[path].as_object()[lower(to_string(route.verb))] = operation(route, id, comments, schemas);
  }
  array tags;
  for (const auto* service : site.services()) {
    object tag{{"name", service->descriptor().name()}};
    if (const auto comment = comments.of_service(service->descriptor().full_name()); !comment.empty()) tag["description"] = comment;
    tags.push_back(std::move(tag));
  }
  return boost::json::serialize(object{{"openapi", "3.0.3"},
                                       {"info", {{"title", info.title}, {"version", info.version}}},
                                       {"servers", array{object{{"url", info.server}}}},
                                       {"tags", std::move(tags)},
                                       {"paths", std::move(paths)},
                                       {"components", components(schemas)}});
}

void add_openapi(Site& site, ApiInfo info, std::string_view descriptor_set) {
  // Shared by the copies of the page that holds it; the site keeps one.
  const auto document = std::make_shared<std::string>();
  site.add_get("/openapi.json", [document, &site, info = std::move(info), descriptor_set](const Request&) {
    if (document->empty()) *document = openapi(site, info, descriptor_set);
    return Response{.content_type = "application/json", .static_body = *document};
  });
}

}  // namespace pkg::rest
