#pragma once
// Inside pkg/config only: what --help and --print-config show.

#include <span>
#include <string>

#include "pkg/config/spec.hpp"

namespace pkg::config {

/// The settings must hold their defaults: the values of the code and of app.env, nothing else.
std::string help_text(std::span<Spec* const> specs);

/// The effective values, one NAME=value line each with its source, in the format of app.env; secrets masked.
std::string print_text(std::span<Spec* const> specs);

}  // namespace pkg::config
