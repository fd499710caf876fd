#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "pkg/agent/agent.hpp"

namespace pkg::agent {

/// Of the services that a program has in it, those that it runs under the name it is started by (argv[0], with or without a path): the one
/// that is called so, or all of them where none is. A file with links to it under the services' names is so the program of each
/// (docs/adr/0032).
std::vector<std::unique_ptr<Blueprint>> named(std::string_view started_as, std::vector<std::unique_ptr<Blueprint>> blueprints);

}  // namespace pkg::agent
