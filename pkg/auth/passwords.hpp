#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "pkg/auth/password_cost.hpp"
#include "pkg/errors/error.hpp"

namespace pkg::auth {

class HashingThreads;

struct PasswordLimits {
  std::size_t at_once = 1;   ///< hashes that are computed at the same time; each takes a core and PasswordCost::memory_kib
  std::size_t waiting = 32;  ///< callers that may wait for their turn; must be less than the threads that serve requests
};

inline constexpr std::size_t longest_password = 1024;  ///< bytes; how short one may be is a business rule

/// Hashes passwords with argon2id, only so many at a time, first come first served, on threads of the lowest priority: a flood of sign-ins
/// takes the time that the rest of the machine leaves, and callers wait for theirs. When too many wait already, a call fails at once with
/// `too_many`, code too_many_sign_ins, and nothing is computed. Safe to use from many threads.
///
/// All calls that take a password fail with `malformed`, code password_length, when it has no byte or more than 1024.
class PasswordHasher {
 public:
  explicit PasswordHasher(PasswordLimits limits = {}, PasswordCost cost = {});
  ~PasswordHasher();
  PasswordHasher(const PasswordHasher&) = delete;
  PasswordHasher& operator=(const PasswordHasher&) = delete;

  /// Fails with `too_many`, as a hash would now, where too many wait already. For those who have something dear to do before they hash.
  errors::Result<> check_room() const;

  /// A PHC string with a new random salt.
  errors::Result<std::string> hash(std::string_view password);

  /// Whether it is the password of the PHC string, whatever cost that was made with. Compares in constant time. Fails with `internal`,
  /// code password_hash_malformed, when the string is none of ours.
  errors::Result<bool> verify(std::string_view password, std::string_view phc);

  /// Costs what verify() costs and finds nothing: for a user that does not exist, so that the time does not tell.
  errors::Result<> verify_nothing(std::string_view password);

  /// True when the string was not made with this hasher's cost: hash again while the password is at hand.
  bool needs_rehash(std::string_view phc) const;

 private:
  errors::Result<std::vector<std::uint8_t>> compute(std::string_view password, std::span<const std::uint8_t> salt, const PasswordCost& cost,
                                                    std::size_t size);

  PasswordCost cost_;
  std::unique_ptr<HashingThreads> threads_;
};

}  // namespace pkg::auth
