#pragma once

#include <memory>
#include <vector>

#include "pkg/agent/agent.hpp"

namespace pkg::agent {

/// What main() of a service, or of several in one process, does: reads the settings, starts the agents, and stops them at SIGTERM or
/// SIGINT; a second signal ends the process at once. Returns the exit code: 0 after a stop that was asked for, 1 where a service
/// cannot start, 2 where a setting is wrong. Takes sockets that are passed to it and says when it is ready and when it stops; see
/// supervision.hpp.
int run(int argc, const char* const* argv, std::vector<std::unique_ptr<Blueprint>> blueprints);

}  // namespace pkg::agent
