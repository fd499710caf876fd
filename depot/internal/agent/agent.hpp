#pragma once

#include <memory>

#include "pkg/agent/agent.hpp"

namespace depot::agent {

/// The depot service, for pkg::agent::run().
std::unique_ptr<pkg::agent::Blueprint> blueprint();

}  // namespace depot::agent
