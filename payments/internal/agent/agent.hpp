#pragma once

#include <memory>

#include "pkg/agent/agent.hpp"

namespace payments::agent {

/// The payments service, for pkg::agent::run().
std::unique_ptr<pkg::agent::Blueprint> blueprint();

}  // namespace payments::agent
