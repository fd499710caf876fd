#pragma once

#include <map>
#include <string>

#include "pkg/agent/agent.hpp"

namespace mallctl::audit {

/// What each service hears of the others.
using Subscribers = std::map<std::string, pkg::agent::Subscriptions>;

/// As the services themselves say: their agents are made for it, and not started.
Subscribers ask_services();

}  // namespace mallctl::audit
