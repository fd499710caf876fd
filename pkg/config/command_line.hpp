#pragma once
// Inside pkg/config only: the command line as name and value pairs.

#include <map>
#include <span>
#include <string>
#include <vector>

#include "pkg/config/spec.hpp"

namespace pkg::config {

struct CommandLine {
  std::map<std::string, std::string> values;  ///< by setting name: BASKETS_HTTP_PORT
  std::vector<std::string> env_files;
  bool wants_help = false;
  bool wants_print = false;
  std::vector<std::string> faults;
};

CommandLine parse_command_line(std::span<Spec* const> specs, const std::vector<std::string>& arguments);

/// "--baskets-http-port" for BASKETS_HTTP_PORT.
std::string option_name(std::string_view setting);

}  // namespace pkg::config
