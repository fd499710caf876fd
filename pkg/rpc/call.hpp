#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pkg/uow/unit_of_work.hpp"

namespace pkg::rpc {

/// Who calls, as the verified access token says. Roles are the words of DESIGN: shopper, owner, picker, operator, service.
struct Caller {
  std::string subject;  ///< a user's id, or a service's name; empty for nobody
  std::vector<std::string> roles;

  bool is_signed_in() const { return !subject.empty(); }
  bool has_role(std::string_view role) const {
    for (const auto& mine : roles) {
      if (mine == role) return true;
    }
    return false;
  }
};

/// What surrounds a request.
struct Call {
  Caller caller;
  uow::Cause cause;
  std::chrono::steady_clock::time_point deadline = std::chrono::steady_clock::time_point::max();
  std::optional<std::uint64_t> if_match;  ///< the version the caller insists on (If-Match); a mismatch is `stale`
};

}  // namespace pkg::rpc
