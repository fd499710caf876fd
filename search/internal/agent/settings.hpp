#pragma once

#include "pkg/agent/settings.hpp"

namespace search::agent {

struct Settings {
  pkg::agent::Settings common;

  void declare(pkg::config::Spec& spec) { common.declare(spec); }
};

}  // namespace search::agent
