#include "pkg/config/command_line.hpp"

#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <algorithm>

namespace pkg::config {
namespace {

void take_pairs(const std::vector<std::string>& pairs, CommandLine& line, const std::set<std::string>& known) {
  for (const auto& pair : pairs) {
    const auto equals = pair.find('=');
    const auto name = pair.substr(0, equals);
    if (equals == std::string::npos) {
      line.faults.push_back("--set expects NAME=VALUE");
    } else if (!known.contains(name)) {
      line.faults.push_back(fmt::format("--set {}: there is no such setting", name));
    } else {
      line.values[name] = pair.substr(equals + 1);
    }
  }
}

}  // namespace

std::string option_name(std::string_view setting) {
  std::string name = "--";
  for (const char c : setting) name += c == '_' ? '-' : (c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c);
  return name;
}

CommandLine parse_command_line(std::span<Spec* const> specs, const std::vector<std::string>& arguments) {
  CommandLine line;
  std::set<std::string> known;
  for (const Spec* spec : specs) {
    for (const auto& setting : spec->settings()) {
      known.insert(setting.name());
      if (auto name = setting.shared_name(spec->prefix()); !name.empty()) known.insert(std::move(name));
    }
  }

  CLI::App app;
  app.set_help_flag();
  app.allow_extras();
  app.add_flag("-h,--help", line.wants_help);
  app.add_flag("--print-config", line.wants_print);
  app.add_option("--env-file", line.env_files)->allow_extra_args(false);
  std::vector<std::string> pairs;
  app.add_option("--set", pairs)->allow_extra_args(false);
  std::map<std::string, CLI::Option*> options;
  // CLI11 takes "" for a value that is missing unless it is told to take the last of what was given.
  for (const auto& name : known) options[name] = app.add_option(option_name(name), line.values[name])->take_last()->allow_extra_args(false);

  try {
    auto reversed = arguments;
    std::ranges::reverse(reversed);
    app.parse(std::move(reversed));
  } catch (const CLI::ParseError& error) {
    line.faults.push_back(fmt::format("command line: {}", error.what()));
  }
  std::erase_if(line.values, [&](const auto& value) { return options.at(value.first)->count() == 0; });
  // Not the argument itself: it may be the secret that stood behind a mistyped option.
  for (const auto& extra : app.remaining()) {
    line.faults.push_back(extra.starts_with("-") ? fmt::format("{}: there is no such option", extra.substr(0, extra.find('=')))
                                                 : "command line: an argument that belongs to no option");
  }
  take_pairs(pairs, line, known);
  return line;
}

}  // namespace pkg::config
