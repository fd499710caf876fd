#pragma once

#include <cstdint>

namespace pkg::auth {

/// What one argon2id hash costs. The defaults are OWASP's: 19 MiB, two passes, one lane; about 30 ms of a core.
struct PasswordCost {
  std::uint32_t memory_kib = 19 * 1024;
  std::uint32_t passes = 2;
  std::uint32_t lanes = 1;

  friend bool operator==(const PasswordCost&, const PasswordCost&) = default;
};

}  // namespace pkg::auth
