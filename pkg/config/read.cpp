#include "pkg/config/read.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <iterator>
#include <optional>
#include <sstream>

#include "pkg/config/command_line.hpp"
#include "pkg/config/env_file.hpp"
#include "pkg/config/report.hpp"
#include "pkg/config/values.hpp"

namespace pkg::config {
namespace {

using Faults = std::vector<std::string>;

void take(Setting& setting, const std::string& text, const std::string& source, Faults& faults) {
  const auto expected = setting.is_required() && text.empty() ? std::optional<std::string>("a value") : setting.assign(text);
  if (expected) {
    const auto shown = setting.is_secret() ? "***" : setting.is_url() ? masked_url(text) : text;
    faults.push_back(fmt::format("{}=\"{}\" from {}: expected {}", setting.name(), shown, source, *expected));
  }
  // A wrong value counts as given, so that one mistake is reported once.
  setting.set_source(source);
}

/// Gives each setting what `find` knows under its own name or else under its shared one.
template <class Find>
void take_all(std::span<Spec* const> specs, const Find& find, Faults& faults) {
  for (Spec* spec : specs) {
    for (auto& setting : spec->settings()) {
      if (const auto own = find(setting.name())) {
        take(setting, own->first, own->second, faults);
      } else if (const auto shared_name = setting.shared_name(spec->prefix()); !shared_name.empty()) {
        if (const auto shared = find(shared_name))
          take(setting, shared->first, fmt::format("{} ({})", shared->second, shared_name), faults);
      }
    }
  }
}

bool is_setting_of(const Spec& spec, std::string_view name) {
  for (const auto& setting : spec.settings()) {
    if (setting.name() == name) return true;
  }
  return false;
}

void take_file(std::span<Spec* const> specs, std::string_view text, const std::string& source, Faults& faults) {
  const auto file = parse_env_file(text);
  for (const auto& fault : file.faults) faults.push_back(fmt::format("{}, {}", source, fault));
  for (const auto& entry : file.entries) {
    for (const Spec* spec : specs) {
      if (entry.name.starts_with(spec->prefix()) && !is_setting_of(*spec, entry.name)) {
        faults.push_back(fmt::format("{}, line {}: {} has no setting {}", source, entry.line, spec->service(), entry.name));
      }
    }
  }
  take_all(
      specs,
      [&](std::string_view name) -> std::optional<std::pair<std::string, std::string>> {
        for (const auto& entry : file.entries) {
          if (entry.name == name) return std::pair(entry.value, fmt::format("{}, line {}", source, entry.line));
        }
        return std::nullopt;
      },
      faults);
}

void take_env_files(std::span<Spec* const> specs, const std::vector<std::string>& paths, Faults& faults) {
  for (const auto& path : paths) {
    std::ifstream in(path, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    if (!in) {
      faults.push_back(fmt::format("--env-file {}: the file cannot be read", path));
    } else {
      take_file(specs, text.str(), path, faults);
    }
  }
}

template <class Map>
auto finder(const Map& values, std::string source, bool empty_counts) {
  return
      [&values, source = std::move(source), empty_counts](const std::string& name) -> std::optional<std::pair<std::string, std::string>> {
        const auto found = values.find(name);
        if (found == values.end() || (found->second.empty() && !empty_counts)) return std::nullopt;
        return std::pair(found->second, source);
      };
}

Verdict wrong(const Faults& faults) {
  Verdict verdict{.proceed = false, .exit_code = 2, .output = fmt::format("The configuration is wrong ({}):\n", faults.size())};
  for (const auto& fault : faults) fmt::format_to(std::back_inserter(verdict.output), "  {}\n", fault);
  verdict.output += "--help lists all settings.\n";
  return verdict;
}

}  // namespace

Sources Sources::of_process(int argc, const char* const* argv) {
  Sources sources;
  if (argc > 1) sources.arguments.assign(argv + 1, argv + argc);
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view text(*entry);
    const auto equals = text.find('=');
    if (equals != std::string_view::npos) sources.environment.emplace(text.substr(0, equals), text.substr(equals + 1));
  }
  return sources;
}

int Verdict::finish() const {
  std::fputs(output.c_str(), exit_code == 0 ? stdout : stderr);
  return exit_code;
}

Verdict read(Spec& spec, const Sources& sources) {
  Spec* const one = &spec;
  return read(std::span(&one, 1), sources);
}

Verdict read(std::span<Spec* const> specs, const Sources& sources) {
  const auto line = parse_command_line(specs, sources.arguments);
  Faults faults = line.faults;
  // Each service's own app.env speaks for that service alone.
  for (Spec* const& spec : specs) take_file(std::span(&spec, 1), spec->defaults(), fmt::format("{}/app.env", spec->service()), faults);
  if (line.wants_help && faults.empty()) return {.proceed = false, .exit_code = 0, .output = help_text(specs)};

  take_env_files(specs, line.env_files, faults);
  take_all(specs, finder(sources.environment, "the environment", false), faults);
  take_all(specs, finder(line.values, "the command line", true), faults);
  for (const Spec* spec : specs) {
    for (const auto& setting : spec->settings()) {
      if (setting.is_required() && !setting.is_given()) {
        faults.push_back(fmt::format("{} is required: {} ({})", setting.name(), setting.summary(), setting.type()));
      }
    }
  }
  if (!faults.empty()) return wrong(faults);
  if (line.wants_print) return {.proceed = false, .exit_code = 0, .output = print_text(specs)};
  return {};
}

}  // namespace pkg::config
