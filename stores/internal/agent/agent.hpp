#pragma once

#include <memory>

#include "pkg/agent/agent.hpp"

namespace stores::agent {

/// The stores service, for pkg::agent::run().
std::unique_ptr<pkg::agent::Blueprint> blueprint();

}  // namespace stores::agent
