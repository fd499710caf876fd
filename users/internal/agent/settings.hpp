#pragma once

#include <chrono>
#include <string>

#include "pkg/agent/settings.hpp"
#include "pkg/config/secret.hpp"

namespace users::agent {

struct Settings {
  pkg::agent::Settings common;
  bool enable_on_registration = true;
  std::chrono::milliseconds access_token_lifetime = std::chrono::minutes{15};
  std::chrono::milliseconds refresh_token_lifetime = std::chrono::hours{24 * 30};
  pkg::config::Secret service_secret;
  std::string operator_username;
  std::string operator_email;
  pkg::config::Secret operator_password;

  void declare(pkg::config::Spec& spec);
};

}  // namespace users::agent
