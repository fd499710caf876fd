#include "pkg/rpc/metadata.hpp"

#include <algorithm>
#include <charconv>
#include <string>

namespace pkg::rpc {
namespace {

constexpr std::size_t longest_id = 128;

bool is_printable_id(std::string_view id) {
  return !id.empty() && id.size() <= longest_id && std::ranges::all_of(id, [](char c) { return c > ' ' && c < 0x7f; });
}

bool is_lower_hex(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

bool is_all_zero(std::string_view text) { return text.find_first_not_of('0') == std::string_view::npos; }

// "00-" 32 hex "-" 16 hex "-" 2 hex; neither id may be all zeros (W3C Trace Context, section 3.2).
bool is_traceparent(std::string_view text) {
  if (text.size() != 55 || text[2] != '-' || text[35] != '-' || text[52] != '-') return false;
  const auto trace = text.substr(3, 32);
  const auto span = text.substr(36, 16);
  return text.substr(0, 2) == "00" && is_lower_hex(trace) && is_lower_hex(span) && is_lower_hex(text.substr(53)) && !is_all_zero(trace) &&
         !is_all_zero(span);
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

}  // namespace

std::string_view bearer_token_of(std::string_view authorization) {
  constexpr std::string_view scheme = "bearer ";
  if (authorization.size() < scheme.size()) return {};
  if (!std::ranges::equal(authorization.substr(0, scheme.size()), scheme, {}, lower)) return {};
  const auto token = authorization.substr(scheme.size());
  const auto first = token.find_first_not_of(' ');
  if (first == std::string_view::npos) return {};
  return token.substr(first, token.find_last_not_of(' ') - first + 1);
}

uow::Cause cause_of(std::string_view request_id, std::string_view causation_id, std::string_view traceparent, ids::IdSource& ids) {
  uow::Cause cause;
  cause.correlation_id = is_printable_id(request_id) ? std::string(request_id) : ids.next().to_string();
  cause.causation_id = is_printable_id(causation_id) ? std::string(causation_id) : cause.correlation_id;
  if (is_traceparent(traceparent)) cause.traceparent = traceparent;
  return cause;
}

errors::Result<std::optional<std::uint64_t>> version_of(std::string_view if_match) {
  if (if_match.empty() || if_match == "*") return std::nullopt;
  auto text = if_match;
  const bool is_weak = text.starts_with("W/");
  if (is_weak) text.remove_prefix(2);
  const bool is_quoted = text.size() >= 2 && text.front() == '"' && text.back() == '"';
  if (is_quoted) text = text.substr(1, text.size() - 2);
  std::uint64_t version = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), version);
  // An entity tag is compared as text, so a version has the one spelling in which ETag gives it.
  const bool is_ours = (is_quoted || !is_weak) && (text.size() == 1 || !text.starts_with('0'));
  if (error != std::errc{} || end != text.data() + text.size() || !is_ours) {
    return errors::fail(errors::ErrorKind::malformed, "if_match_malformed", "If-Match names one version, as the last answer gave it.");
  }
  return version;
}

}  // namespace pkg::rpc
