#pragma once
// What ties a request to everything that follows from it.

#include <string>
#include <string_view>

#include "pkg/ids/uuid.hpp"

namespace pkg::rest {

struct Correlation {
  std::string request_id;   ///< the caller's X-Request-Id where it is well-formed, else a new id
  std::string traceparent;  ///< the caller's W3C trace context where it is well-formed, else empty

  /// What people quote when something went wrong: the trace's id, or without a trace the request's.
  std::string_view trace_id() const {
    return traceparent.empty() ? std::string_view(request_id) : std::string_view(traceparent).substr(3, 32);
  }
};

/// From the values of X-Request-Id and traceparent, empty where they are not sent.
Correlation correlate(std::string_view request_id, std::string_view traceparent, ids::IdSource& ids);

/// At most 64 of [A-Za-z0-9._-], so that it can stand in a log or a header as it is.
bool is_request_id(std::string_view text);

}  // namespace pkg::rest
