#include "pkg/rest/site.hpp"

#include <algorithm>

#include "pkg/rest/exchange.hpp"
#include "pkg/rest/problem.hpp"
#include "pkg/rest/url.hpp"

namespace pkg::rest {
namespace {

Response wrong_verb(const std::vector<Verb>& allowed, std::string_view trace_id) {
  Response response = problem(405, "method_not_allowed", "This address does not know that method.", trace_id);
  std::string words;
  for (const Verb verb : allowed) {
    if (!words.empty()) words += ", ";
    words += to_string(verb);
    if (verb == Verb::get) words += ", HEAD";
  }
  response.headers.push_back({"Allow", std::move(words)});
  return response;
}

}  // namespace

Site::Site(Parts parts) : parts_(std::move(parts)), routes_(routes_of(parts_.services, faults_)) {}

Site& Site::add_get(std::string path, Page page) {
  pages_.push_back({std::move(path), std::move(page)});
  return *this;
}

Site::Plan Site::plan(const Request& request) const {
  const auto page = std::ranges::find(pages_, request.path, &PlainPage::path);
  if (page == pages_.end()) return plan_call(request);
  if (request.verb == Verb::get || request.verb == Verb::head) {
    try {
      return {.route = page->path, .answer = page->page(request)};
    } catch (const std::exception&) {  // one page must not end the network thread
      return {.route = page->path, .answer = problem({}, request.correlation.trace_id())};
    }
  }
  return {.route = page->path, .answer = wrong_verb({Verb::get}, request.correlation.trace_id())};
}

Site::Plan Site::plan_call(const Request& request) const {
  const std::string_view trace_id = request.correlation.trace_id();
  const auto path = parse_path(request.path);
  if (!path) return {.answer = problem(path.error(), trace_id)};
  const Verb wanted = request.verb == Verb::head ? Verb::get : request.verb;
  std::vector<Verb> others;
  const Route* other = nullptr;
  for (const Route& route : routes_) {
    // Once a path has matched, a less specific template only counts for the same path: /users/me must not become /users/{id}.
    if (other != nullptr && (route.path <=> other->path) != 0) break;
    auto values = route.path.match(*path);
    if (!values) continue;
    if (route.verb == wanted) return {.route = route.path.text(), .call = &route, .path_values = std::move(*values)};
    if (std::ranges::find(others, route.verb) == others.end()) others.push_back(route.verb);
    other = &route;
  }
  std::ranges::sort(others);
  if (other == nullptr) return {.answer = problem(404, "no_such_address", "There is nothing at this address.", trace_id)};
  return {.route = other->path.text(), .answer = wrong_verb(others, trace_id)};
}

Response Site::call(const Plan& plan, const Request& request, std::chrono::steady_clock::time_point arrived) const {
  Exchange exchange(*plan.call, request, arrived, parts_.call_timeout);
  return exchange.run(plan.path_values, parts_.authenticate, parts_.observe);
}

}  // namespace pkg::rest
