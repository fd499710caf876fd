#include "pkg/rest/http.hpp"

#include <array>
#include <utility>

namespace pkg::rest {
namespace {

constexpr std::array<std::pair<Verb, std::string_view>, 6> verbs{{
    {Verb::get, "GET"},
    {Verb::head, "HEAD"},
    {Verb::post, "POST"},
    {Verb::put, "PUT"},
    {Verb::patch, "PATCH"},
    {Verb::del, "DELETE"},
}};

constexpr std::array<std::pair<int, std::string_view>, 24> reasons{{
    {200, "OK"},
    {201, "Created"},
    {204, "No Content"},
    {304, "Not Modified"},
    {308, "Permanent Redirect"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {408, "Request Timeout"},
    {409, "Conflict"},
    {412, "Precondition Failed"},
    {413, "Content Too Large"},
    {414, "URI Too Long"},
    {415, "Unsupported Media Type"},
    {417, "Expectation Failed"},
    {422, "Unprocessable Content"},
    {429, "Too Many Requests"},
    {431, "Request Header Fields Too Large"},
    {500, "Internal Server Error"},
    {501, "Not Implemented"},
    {503, "Service Unavailable"},
    {505, "HTTP Version Not Supported"},
}};

}  // namespace

Verb parse_verb(std::string_view word) {
  for (const auto& [verb, name] : verbs) {
    if (name == word) return verb;
  }
  return Verb::other;
}

std::string_view to_string(Verb verb) {
  for (const auto& [known, name] : verbs) {
    if (known == verb) return name;
  }
  return "OTHER";
}

std::string_view reason(int status) {
  for (const auto& [known, words] : reasons) {
    if (known == status) return words;
  }
  return {};
}

}  // namespace pkg::rest
