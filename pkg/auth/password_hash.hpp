#pragma once
// Inside pkg/auth only: argon2id (RFC 9106) and its PHC string.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "pkg/auth/password_cost.hpp"

namespace pkg::auth {

struct PhcHash {
  PasswordCost cost;
  std::vector<std::uint8_t> salt;
  std::vector<std::uint8_t> hash;
};

/// $argon2id$v=19$m=19456,t=2,p=1$salt$hash
std::string to_phc(const PhcHash& hash);

/// Nothing for other kinds, other versions, and costs that no sane configuration has: a broken row must not take all memory.
std::optional<PhcHash> parse_phc(std::string_view text);

/// `size` bytes; nothing when there is no memory for it. The working memory goes back to the system at once, so that a burst of
/// sign-ins does not stay resident.
std::optional<std::vector<std::uint8_t>> argon2id(std::string_view password, std::span<const std::uint8_t> salt, PasswordCost cost,
                                                  std::size_t size);

}  // namespace pkg::auth
