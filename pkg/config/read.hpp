#pragma once
// Fills the settings of one service, or of several that share a process, from (rising precedence) the values in the code, app.env,
// --env-file, the environment and the command line. All that is wrong is reported at once.
//
//   int main(int argc, char** argv) {
//     Settings settings;
//     config::Spec spec("baskets", app_env_text);
//     settings.declare(spec);
//     if (const auto verdict = config::read(spec, config::Sources::of_process(argc, argv)); !verdict.proceed) return verdict.finish();

#include <map>
#include <span>
#include <string>
#include <vector>

#include "pkg/config/spec.hpp"

namespace pkg::config {

struct Sources {
  std::vector<std::string> arguments;  ///< without the program's name
  /// A variable that is set but empty counts as not set: that is how container files pass what nobody gave.
  std::map<std::string, std::string, std::less<>> environment;

  static Sources of_process(int argc, const char* const* argv);
};

/// What the program does next.
struct Verdict {
  bool proceed = true;  ///< every setting is read and fits
  int exit_code = 0;    ///< 0 after --help and --print-config, 2 when a setting is wrong
  std::string output;   ///< for stdout when the exit code is 0, else for stderr; holds no secret

  /// Prints the output where it belongs and returns the exit code.
  int finish() const;
};

Verdict read(Spec& spec, const Sources& sources);
/// Every service takes what bears its prefix; names of other services are left alone.
Verdict read(std::span<Spec* const> specs, const Sources& sources);

}  // namespace pkg::config
