#include "pkg/rest/correlation.hpp"

#include <algorithm>

namespace pkg::rest {
namespace {

bool is_hex(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

bool is_zero(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c == '0'; });
}

}  // namespace

bool is_request_id(std::string_view text) {
  return !text.empty() && text.size() <= 64 && std::ranges::all_of(text, [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' || c == '_' || c == '-';
  });
}

bool is_traceparent(std::string_view text) {
  if (text.size() < 55 || text.size() > 256 || text[2] != '-' || text[35] != '-' || text[52] != '-') return false;
  const auto version = text.substr(0, 2);
  const auto trace = text.substr(3, 32);
  const auto span = text.substr(36, 16);
  if (!is_hex(version) || version == "ff" || !is_hex(trace) || is_zero(trace) || !is_hex(span) || is_zero(span)) return false;
  if (!is_hex(text.substr(53, 2))) return false;
  return text.size() == 55;  // a newer version may say more; what we do not understand we do not pass on
}

Correlation correlate(std::string_view request_id, std::string_view traceparent, ids::IdSource& ids) {
  return {.request_id = is_request_id(request_id) ? std::string(request_id) : ids.next().to_string(),
          .traceparent = is_traceparent(traceparent) ? std::string(traceparent) : std::string()};
}

}  // namespace pkg::rest
