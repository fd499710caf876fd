#include "pkg/rest/correlation.hpp"

#include <algorithm>

#include "pkg/rpc/metadata.hpp"

namespace pkg::rest {

bool is_request_id(std::string_view text) {
  return !text.empty() && text.size() <= 64 && std::ranges::all_of(text, [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' || c == '_' || c == '-';
  });
}

Correlation correlate(std::string_view request_id, std::string_view traceparent, ids::IdSource& ids) {
  auto cause = rpc::cause_of(is_request_id(request_id) ? request_id : std::string_view(), {}, traceparent, ids);
  return {.request_id = std::move(cause.correlation_id), .traceparent = std::move(cause.traceparent)};
}

}  // namespace pkg::rest
