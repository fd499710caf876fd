#include "pkg/rest/problem.hpp"

#include "pkg/json/json.hpp"

namespace pkg::rest {

using errors::ErrorKind;

int status_of(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::malformed: return 400;
    case ErrorKind::unauthenticated: return 401;
    case ErrorKind::forbidden: return 403;
    case ErrorKind::not_found: return 404;
    case ErrorKind::conflict:
    case ErrorKind::contended: return 409;
    case ErrorKind::stale: return 412;
    case ErrorKind::rejected: return 422;
    case ErrorKind::too_many: return 429;
    case ErrorKind::unavailable: return 503;
    case ErrorKind::internal: return 500;
  }
  return 500;
}

Response problem(const errors::Error& error, std::string_view trace_id) {
  if (error.kind == ErrorKind::internal) {
    return problem(500, "internal", "Something went wrong on our side. Quote the traceId if you report it.", trace_id);
  }
  return problem(status_of(error.kind), error.code, error.detail, trace_id, error.field);
}

Response problem(int status, std::string_view code, std::string_view detail, std::string_view trace_id, std::string_view field) {
  Response response{.status = status, .content_type = "application/problem+json", .body = {}, .static_body = {}, .headers = {}};
  std::string& out = response.body;
  const auto member = [&](std::string_view name, std::string_view value) {
    out += ",\"";
    out += name;
    out += "\":";
    json::write_string(value, out);
  };
  out = "{\"type\":\"about:blank\"";
  member("title", reason(status));
  out += ",\"status\":" + std::to_string(status);
  member("detail", detail);
  member("code", code);
  member("traceId", trace_id);
  if (!field.empty()) member("field", field);
  out += '}';
  if (status == 401) response.headers.push_back({"WWW-Authenticate", "Bearer"});
  if (status == 429 || status == 503) response.headers.push_back({"Retry-After", "1"});
  return response;
}

}  // namespace pkg::rest
