#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string_view>

namespace users::domain {

/// What a person may be. (Machines have the role "service", which no account can get.)
enum class Role : std::uint8_t {
  shopper,        ///< everyone
  owner,          ///< owns stores
  picker,         ///< works in the depot
  mall_operator,  ///< runs the mall; its word is "operator"
};

using Roles = std::set<Role>;

/// The word in tokens, messages and tables.
std::string_view to_word(Role role);
/// Nothing for a word that is no role of people.
std::optional<Role> parse_role(std::string_view word);

}  // namespace users::domain
