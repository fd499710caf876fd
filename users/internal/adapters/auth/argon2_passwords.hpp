#pragma once

#include "pkg/auth/passwords.hpp"
#include "users/internal/app/ports.hpp"

namespace users::adapters::auth {

class Argon2Passwords final : public app::PasswordHasher {
 public:
  explicit Argon2Passwords(pkg::auth::PasswordLimits limits, pkg::auth::PasswordCost cost = {}) : hasher_(limits, cost) {}

  pkg::errors::Result<> check_room() override { return hasher_.check_room(); }
  pkg::errors::Result<std::string> hash(std::string_view password) override { return hasher_.hash(password); }
  pkg::errors::Result<bool> verify(std::string_view password, std::string_view hash) override { return hasher_.verify(password, hash); }
  pkg::errors::Result<> verify_nothing(std::string_view password) override { return hasher_.verify_nothing(password); }

 private:
  pkg::auth::PasswordHasher hasher_;
};

}  // namespace users::adapters::auth
