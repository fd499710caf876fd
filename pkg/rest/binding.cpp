#include "pkg/rest/binding.hpp"

#include <algorithm>
#include <cctype>
#include <set>

#include "pkg/json/json.hpp"
#include "pkg/rest/url.hpp"

namespace pkg::rest {
namespace {

using errors::ErrorKind;
using errors::Result;
using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

/// The message that the path's last field stands in; those on the way come to be.
Message& owner_of(const FieldPath& path, Message& request) {
  Message* message = &request;
  for (std::size_t i = 0; i + 1 < path.size(); ++i) message = message->GetReflection()->MutableMessage(message, path[i]);
  return *message;
}

Result<> set(const FieldPath& path, std::string_view text, Message& request) {
  auto done = json::read_parameter(text, owner_of(path, request), *path.back());
  if (!done) done.error().field = json_path(path);
  return done;
}

std::string text_of(const FieldPath& path, Message& request) {
  std::string text;
  json::write_field(owner_of(path, request), *path.back(), text);
  return text;
}

FieldPath find_parameter(const Descriptor& request, std::string_view dotted) {
  FieldPath path;
  const Descriptor* message = &request;
  while (message != nullptr) {
    const auto dot = dotted.find('.');
    const std::string_view name = dotted.substr(0, dot);
    const FieldDescriptor* found = nullptr;
    for (int i = 0; i < message->field_count() && found == nullptr; ++i) {
      if (message->field(i)->json_name() == name) found = message->field(i);
    }
    if (found == nullptr) return {};
    path.push_back(found);
    if (dot == std::string_view::npos) return json::is_parameter(*found) ? path : FieldPath{};
    message = found->is_repeated() ? nullptr : found->message_type();
    dotted.remove_prefix(dot + 1);
  }
  return {};
}

Result<> bind_query(const Route& route, std::string_view raw, Message& request) {
  const auto parameters = parse_query(raw);
  if (!parameters) return errors::pass_on(parameters);
  std::set<FieldPath> seen;
  for (const auto& [name, value] : *parameters) {
    const FieldPath path = route.body == Body::whole ? FieldPath{} : find_parameter(*request.GetDescriptor(), name);
    const bool elsewhere =
        !path.empty() && (path.front() == route.body_field || std::ranges::find(route.variables, path) != route.variables.end());
    if (path.empty() || elsewhere) {
      return errors::fail(ErrorKind::malformed, "unknown_parameter", "This call has no such query parameter.", name.substr(0, 64));
    }
    if (!seen.insert(path).second && !path.back()->is_repeated()) {
      return errors::fail(ErrorKind::malformed, "duplicate_parameter", "The query parameter can be given only once.", name);
    }
    if (const auto done = set(path, value, request); !done) return done;
  }
  return {};
}

Result<> bind_body(const Route& route, const std::string& body, Message& request) {
  if (route.body == Body::none) {
    if (body.empty()) return {};
    return errors::fail(ErrorKind::malformed, "body_not_expected", "This call takes no body.");
  }
  if (body.empty()) {
    if (!route.needs_body) return {};
    return errors::fail(ErrorKind::malformed, "body_missing", "This call needs a JSON body.");
  }
  return route.body == Body::whole ? json::read(body, request) : json::read_field(body, request, *route.body_field);
}

}  // namespace

Result<> bind_request(const Route& route, const std::vector<std::string>& path_values, const Request& http, Message& request) {
  std::vector<std::string> from_path;
  for (std::size_t i = 0; i < route.variables.size(); ++i) {
    if (const auto done = set(route.variables[i], path_values[i], request); !done) return done;
    from_path.push_back(text_of(route.variables[i], request));
  }
  if (const auto done = bind_query(route, http.query, request); !done) return done;
  if (const auto done = bind_body(route, http.body, request); !done) return done;
  for (std::size_t i = 0; i < route.variables.size(); ++i) {
    if (text_of(route.variables[i], request) == from_path[i]) continue;
    return errors::fail(ErrorKind::malformed, "path_conflict", "The body names another value than the address.",
                        json_path(route.variables[i]));
  }
  return {};
}

bool is_json(std::string_view content_type) {
  std::string type(content_type.substr(0, content_type.find(';')));
  while (!type.empty() && (type.back() == ' ' || type.back() == '\t')) type.pop_back();
  std::ranges::transform(type, type.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return type == "application/json" || (type.starts_with("application/") && type.ends_with("+json"));
}

}  // namespace pkg::rest
