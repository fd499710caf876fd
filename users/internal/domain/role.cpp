#include "users/internal/domain/role.hpp"

#include <utility>

namespace users::domain {

std::string_view to_word(Role role) {
  switch (role) {
    case Role::shopper: return "shopper";
    case Role::owner: return "owner";
    case Role::picker: return "picker";
    case Role::mall_operator: return "operator";
  }
  std::unreachable();
}

std::optional<Role> parse_role(std::string_view word) {
  for (const auto role : {Role::shopper, Role::owner, Role::picker, Role::mall_operator}) {
    if (to_word(role) == word) return role;
  }
  return std::nullopt;
}

}  // namespace users::domain
