#pragma once

#include <cstdint>
#include <string>

#include "pkg/errors/error.hpp"

namespace notifications::domain {

/// Why a notification says no, the first that applies. The word is the `code` that callers see.
enum class NotificationRejection : std::uint8_t {
  no_such_notification,   ///< there never was one of this id
  not_your_notification,  ///< only the person it was written to sees it
};

/// A rejection with what a person needs to know of it.
struct NotificationRejected {
  NotificationRejection reason;
  std::string detail;
};

pkg::errors::Error to_error(const NotificationRejected& rejected);

}  // namespace notifications::domain
