#pragma once

#include <chrono>
#include <cstddef>

#include "pkg/agent/settings.hpp"

namespace payments::agent {

struct Settings {
  pkg::agent::Settings common;
  std::chrono::milliseconds authorization_lifetime = std::chrono::hours{24 * 7};
  std::chrono::milliseconds expiry_interval = std::chrono::minutes{1};
  std::chrono::milliseconds gateway_interval = std::chrono::seconds{30};
  std::size_t gateway_at_once = 24;
  bool auto_capture = false;
  int sandbox_flaky_failures = 2;

  void declare(pkg::config::Spec& spec);
};

}  // namespace payments::agent
