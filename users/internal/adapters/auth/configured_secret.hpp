#pragma once

#include "pkg/auth/secrets.hpp"
#include "pkg/config/secret.hpp"
#include "users/internal/app/ports.hpp"

namespace users::adapters::auth {

/// The secret of the settings. It outlives this.
class ConfiguredSecret final : public app::ServiceSecret {
 public:
  explicit ConfiguredSecret(const pkg::config::Secret& secret) : secret_(secret) {}

  bool is_configured() const override { return !secret_.empty(); }
  bool matches(std::string_view secret) const override {
    return is_configured() && pkg::auth::equal_in_constant_time(secret, secret_.reveal());
  }

 private:
  const pkg::config::Secret& secret_;
};

}  // namespace users::adapters::auth
