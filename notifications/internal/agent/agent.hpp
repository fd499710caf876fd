#pragma once

#include <memory>

#include "pkg/agent/agent.hpp"

namespace notifications::agent {

/// The notifications service, for pkg::agent::run().
std::unique_ptr<pkg::agent::Blueprint> blueprint();

}  // namespace notifications::agent
