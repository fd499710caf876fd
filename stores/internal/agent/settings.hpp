#pragma once

#include "pkg/agent/settings.hpp"

namespace stores::agent {

struct Settings {
  pkg::agent::Settings common;

  void declare(pkg::config::Spec& spec);
};

}  // namespace stores::agent
