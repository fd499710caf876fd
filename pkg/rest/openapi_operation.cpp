#include "pkg/rest/openapi_operation.hpp"

#include <algorithm>

#include <google/protobuf/empty.pb.h>
#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

#include "pkg/json/json.hpp"
#include "pkg/rpc/access.pb.h"

namespace pkg::rest {
namespace {

using boost::json::array;
using boost::json::object;
using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;

constexpr std::size_t deepest_parameter = 4;  // a message that contains itself would have no end of them

bool is_in_path(const Route& route, const FieldPath& path) { return std::ranges::find(route.variables, path) != route.variables.end(); }

object with_schema(std::string name, std::string_view in, object schema) {
  object parameter{{"name", std::move(name)}, {"in", in}};
  if (auto* comment = schema.if_contains("description")) {
    parameter["description"] = *comment;
    schema.erase("description");
  }
  if (in == "path") parameter["required"] = true;
  parameter["schema"] = std::move(schema);
  return parameter;
}

void add_query(const Route& route, const Descriptor& message, const FieldPath& prefix, Schemas& schemas, array& parameters) {
  for (int i = 0; i < message.field_count(); ++i) {
    const FieldDescriptor& field = *message.field(i);
    FieldPath path = prefix;
    path.push_back(&field);
    if (is_in_path(route, path) || path.front() == route.body_field) continue;
    if (json::is_parameter(field)) {
      parameters.push_back(with_schema(json_path(path), "query", schemas.of(field)));
    } else if (!field.is_repeated() && path.size() < deepest_parameter) {
      add_query(route, *field.message_type(), path, schemas, parameters);
    }
  }
}

const Descriptor* answered_message(const Route& route) {
  const FieldDescriptor* field = route.response_field;
  if (field == nullptr) return route.method->descriptor->output_type();
  return field->is_repeated() ? nullptr : field->message_type();
}

array parameters_of(const Route& route, Schemas& schemas) {
  array parameters;
  for (const FieldPath& path : route.variables) parameters.push_back(with_schema(json_path(path), "path", schemas.of(*path.back())));
  if (route.body != Body::whole) add_query(route, *route.method->descriptor->input_type(), {}, schemas, parameters);
  const Descriptor* answer = answered_message(route);
  if (route.verb != Verb::get && !route.creates && answer != nullptr && answer->FindFieldByName("version") != nullptr) {
    object if_match = with_schema("If-Match", "header", {{"type", "string"}});
    if_match["description"] = "The version, as ETag gave it, that must still be the present one; else the answer is 412.";
    parameters.push_back(std::move(if_match));
  }
  return parameters;
}

object content(object schema) { return {{"application/json", {{"schema", std::move(schema)}}}}; }

object body_of(const Route& route, Schemas& schemas) {
  const Descriptor& request = *route.method->descriptor->input_type();
  object schema;
  if (route.body == Body::field) {
    schema = schemas.of(*route.body_field);
  } else {
    object properties;
    for (int i = 0; i < request.field_count(); ++i) {
      if (!is_in_path(route, {request.field(i)})) properties[request.field(i)->json_name()] = schemas.of(*request.field(i));
    }
    schema = {{"type", "object"}, {"additionalProperties", false}};
    if (!properties.empty()) schema["properties"] = std::move(properties);
  }
  return {{"required", route.needs_body}, {"content", content(std::move(schema))}};
}

object header(std::string_view description) { return {{"description", description}, {"schema", {{"type", "string"}}}}; }

object responses_of(const Route& route, Schemas& schemas) {
  const Descriptor* answer = answered_message(route);
  object responses;
  if (answer == google::protobuf::Empty::descriptor()) {
    responses["204"] = object{{"description", "Done; there is nothing to say."}};
  } else {
    object schema = route.response_field != nullptr ? schemas.of(*route.response_field) : schemas.of(*answer);
    object response{{"description", route.creates ? "Created." : "Done."}, {"content", content(std::move(schema))}};
    object headers;
    if (route.creates) headers["Location"] = header("The address of the new thing.");
    if (answer != nullptr && answer->FindFieldByName("version") != nullptr) headers["ETag"] = header("Its version, for If-Match.");
    if (!headers.empty()) response["headers"] = std::move(headers);
    responses[route.creates ? "201" : "200"] = std::move(response);
  }
  const object problem{{"$ref", "#/components/responses/Problem"}};
  responses["4XX"] = problem;
  responses["5XX"] = problem;
  return responses;
}

/// Who may call: the security requirement, and a sentence where it takes a role.
std::string add_security(const Route& route, object& result) {
  const auto& access = route.method->descriptor->options().GetExtension(mallbots::rpc::v1::access);
  if (access.anyone()) {
    result["security"] = array();
    return {};
  }
  result["security"] = array{object{{"bearer", array()}}};
  std::string roles;
  for (const std::string& role : access.roles().any_of()) roles += (roles.empty() ? "" : ", ") + role;
  return roles.empty() ? std::string() : "For these roles: " + roles + '.';
}

}  // namespace

std::string openapi_path(const Route& route) {
  std::string path;
  const std::string& text = route.path.text();
  std::size_t variable = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    path += text[i];
    if (text[i] != '{') continue;
    path += json_path(route.variables[variable++]) + '}';
    i = text.find('}', i);
  }
  return path;
}

object operation(const Route& route, const std::string& id, const Comments& comments, Schemas& schemas) {
  const auto& method = *route.method->descriptor;
  object result{{"operationId", id}, {"tags", array{method.service()->name()}}};
  std::string comment = comments.of_method(method.full_name());
  if (const auto end = comment.find('.'); end != std::string::npos) result["summary"] = comment.substr(0, end);
  if (const std::string roles = add_security(route, result); !roles.empty()) comment += (comment.empty() ? "" : "\n\n") + roles;
  if (!comment.empty()) result["description"] = comment;
  if (array parameters = parameters_of(route, schemas); !parameters.empty()) result["parameters"] = std::move(parameters);
  if (route.body != Body::none) result["requestBody"] = body_of(route, schemas);
  result["responses"] = responses_of(route, schemas);
  return result;
}

}  // namespace pkg::rest
