#include "pkg/rest/route.hpp"

#include <algorithm>
#include <optional>

#include <google/api/annotations.pb.h>

#include "pkg/json/json.hpp"
#include "pkg/rpc/access.pb.h"

namespace pkg::rest {
namespace {

using google::api::HttpRule;
using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;

struct Target {
  Verb verb;
  std::string path;
};

std::optional<Target> target_of(const HttpRule& rule) {
  switch (rule.pattern_case()) {
    case HttpRule::kGet: return Target{Verb::get, rule.get()};
    case HttpRule::kPut: return Target{Verb::put, rule.put()};
    case HttpRule::kPost: return Target{Verb::post, rule.post()};
    case HttpRule::kDelete: return Target{Verb::del, rule.delete_()};
    case HttpRule::kPatch: return Target{Verb::patch, rule.patch()};
    case HttpRule::kCustom:
    case HttpRule::PATTERN_NOT_SET: break;
  }
  return std::nullopt;
}

std::optional<FieldPath> resolve(const Descriptor& request, std::string_view dotted) {
  FieldPath path;
  const Descriptor* message = &request;
  for (;;) {
    const auto dot = dotted.find('.');
    const FieldDescriptor* field = message == nullptr ? nullptr : message->FindFieldByName(std::string(dotted.substr(0, dot)));
    if (field == nullptr || field->is_repeated()) return std::nullopt;
    path.push_back(field);
    if (dot == std::string_view::npos) return json::is_parameter(*field) ? std::optional(path) : std::nullopt;
    message = field->message_type();
    dotted.remove_prefix(dot + 1);
  }
}

/// Only a body can say what is neither in the path nor optional.
bool must_come_in_body(const FieldDescriptor& field, const Route& route) {
  const bool in_path = std::ranges::any_of(route.variables, [&](const FieldPath& path) { return path.front() == &field; });
  return !in_path && !field.is_repeated() && !field.has_optional_keyword() && field.real_containing_oneof() == nullptr;
}

std::optional<std::string> bind_body(const HttpRule& rule, const Descriptor& request, Route& route) {
  if (rule.body().empty()) return std::nullopt;
  if (route.verb == Verb::get || route.verb == Verb::del) return "has a body, which GET and DELETE cannot have";
  if (rule.body() == "*") {
    route.body = Body::whole;
    for (int i = 0; i < request.field_count(); ++i) route.needs_body |= must_come_in_body(*request.field(i), route);
    return std::nullopt;
  }
  route.body = Body::field;
  route.body_field = request.FindFieldByName(rule.body());
  if (route.body_field == nullptr) return "names a body field that the request does not have: " + rule.body();
  route.needs_body = must_come_in_body(*route.body_field, route);
  return std::nullopt;
}

std::optional<std::string> add_route(const HttpRule& rule, const rpc::Method& method, std::vector<Route>& routes) {
  const auto target = target_of(rule);
  if (!target) return "has a rule that is none of get, put, post, delete and patch";
  auto path = PathTemplate::parse(target->path);
  if (!path) return path.error();
  const Descriptor& request = *method.descriptor->input_type();
  Route route{.verb = target->verb, .path = std::move(*path), .method = &method, .variables = {}};
  for (const std::string& variable : route.path.variables()) {
    auto field = resolve(request, variable);
    if (!field) return "names a path variable that is no single value of the request: " + variable;
    route.variables.push_back(std::move(*field));
  }
  if (auto why = bind_body(rule, request, route)) return why;
  if (!rule.response_body().empty()) {
    route.response_field = method.descriptor->output_type()->FindFieldByName(rule.response_body());
    if (route.response_field == nullptr) return "names a response field that does not exist: " + rule.response_body();
  }
  route.creates = method.descriptor->options().GetExtension(mallbots::rpc::v1::creates);
  routes.push_back(std::move(route));
  return std::nullopt;
}

}  // namespace

std::string json_path(const FieldPath& path) {
  std::string text;
  for (const FieldDescriptor* field : path) {
    if (!text.empty()) text += '.';
    text += field->json_name();
  }
  return text;
}

std::vector<Route> routes_of(const std::vector<const rpc::Service*>& services, std::vector<std::string>& faults) {
  std::vector<Route> routes;
  for (const rpc::Service* service : services) {
    for (const rpc::Method& method : service->methods()) {
      const auto& options = method.descriptor->options();
      if (!options.HasExtension(google::api::http)) continue;
      const HttpRule& rule = options.GetExtension(google::api::http);
      const auto note = [&](const std::optional<std::string>& why) {
        if (why) faults.push_back(method.descriptor->full_name() + ": " + *why);
      };
      note(add_route(rule, method, routes));
      for (const HttpRule& more : rule.additional_bindings()) note(add_route(more, method, routes));
    }
  }
  std::ranges::stable_sort(routes, [](const Route& a, const Route& b) { return a.path < b.path; });
  for (std::size_t i = 0; i < routes.size(); ++i) {
    for (std::size_t j = i; j > 0 && (routes[j - 1].path <=> routes[i].path) == 0; --j) {
      if (routes[j - 1].verb != routes[i].verb) continue;
      faults.push_back(routes[i].method->descriptor->full_name() + ": has the route of " + routes[j - 1].method->descriptor->full_name());
    }
  }
  return routes;
}

}  // namespace pkg::rest
