#include "users/internal/adapters/pg/status_words.hpp"

#include <utility>

namespace users::adapters::pg {

using domain::UserStatus;

std::string_view to_word(UserStatus status) {
  switch (status) {
    case UserStatus::none: return "none";
    case UserStatus::registered: return "registered";
    case UserStatus::enabled: return "enabled";
    case UserStatus::disabled: return "disabled";
  }
  std::unreachable();
}

pkg::errors::Result<UserStatus> from_word(std::string_view word) {
  for (const auto status : {UserStatus::none, UserStatus::registered, UserStatus::enabled, UserStatus::disabled}) {
    if (to_word(status) == word) return status;
  }
  return pkg::errors::fail(pkg::errors::ErrorKind::internal, "unreadable_row", "A stored user's status cannot be read.");
}

}  // namespace users::adapters::pg
