#pragma once

#include <memory>

#include "pkg/agent/agent.hpp"

namespace users::agent {

/// The users service, for pkg::agent::run().
std::unique_ptr<pkg::agent::Blueprint> blueprint();

}  // namespace users::agent
