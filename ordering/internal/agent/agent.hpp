#pragma once

#include <memory>

#include "pkg/agent/agent.hpp"

namespace ordering::agent {

/// The ordering service, for pkg::agent::run().
std::unique_ptr<pkg::agent::Blueprint> blueprint();

}  // namespace ordering::agent
