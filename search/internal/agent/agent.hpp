#pragma once

#include <memory>

#include "pkg/agent/agent.hpp"

namespace search::agent {

/// The search service, for pkg::agent::run().
std::unique_ptr<pkg::agent::Blueprint> blueprint();

}  // namespace search::agent
