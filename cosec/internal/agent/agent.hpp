#pragma once

#include <memory>

#include "pkg/agent/agent.hpp"

namespace cosec::agent {

/// The cosec service, for pkg::agent::run().
std::unique_ptr<pkg::agent::Blueprint> blueprint();

}  // namespace cosec::agent
