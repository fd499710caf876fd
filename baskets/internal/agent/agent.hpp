#pragma once

#include <memory>

#include "pkg/agent/agent.hpp"

namespace baskets::agent {

/// The baskets service, for pkg::agent::run().
std::unique_ptr<pkg::agent::Blueprint> blueprint();

}  // namespace baskets::agent
