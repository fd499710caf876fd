#pragma once

#include <chrono>
#include <cstdint>

#include "pkg/agent/settings.hpp"

namespace cosec::agent {

struct Settings {
  pkg::agent::Settings common;
  std::chrono::milliseconds step_wait{5'000};
  std::chrono::milliseconds step_wait_most{60'000};
  std::uint32_t step_tries = 3;
  std::chrono::milliseconds compensation_wait{1'000};
  std::chrono::milliseconds compensation_wait_most{60'000};
  std::uint32_t alert_after = 10;
  std::chrono::milliseconds sagas_kept = std::chrono::hours{24 * 90};
  std::chrono::milliseconds housekeeping_interval{30'000};

  void declare(pkg::config::Spec& spec);
};

}  // namespace cosec::agent
