#pragma once

#include <chrono>
#include <string>

#include "pkg/agent/settings.hpp"

namespace depot::agent {

struct Settings {
  pkg::agent::Settings common;
  std::string stores_address = "127.0.0.1:5090";
  bool robots = true;
  std::chrono::milliseconds pick_time_per_item{20};
  int initial_bots = 3;
  std::chrono::milliseconds sweep_interval = std::chrono::seconds{30};

  void declare(pkg::config::Spec& spec);
};

}  // namespace depot::agent
