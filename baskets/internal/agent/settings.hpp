#pragma once

#include <chrono>
#include <string>

#include "pkg/agent/settings.hpp"

namespace baskets::agent {

struct Settings {
  pkg::agent::Settings common;
  std::string stores_address = "127.0.0.1:5090";
  std::chrono::milliseconds basket_lifetime = std::chrono::hours{24 * 7};
  std::chrono::milliseconds expiry_interval = std::chrono::minutes{1};

  void declare(pkg::config::Spec& spec);
};

}  // namespace baskets::agent
