#include "pkg/config/report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "pkg/config/command_line.hpp"

namespace pkg::config {
namespace {

std::string origin(const Setting& setting) { return setting.is_given() ? setting.source() : "built in"; }

std::string default_text(const Setting& setting) {
  if (!setting.is_given() && setting.is_required()) return "required";
  const auto shown = setting.shown();
  return fmt::format("default {} ({})", shown.empty() ? "empty" : shown, origin(setting));
}

}  // namespace

std::string help_text(std::span<Spec* const> specs) {
  std::string out = "Settings are taken from the environment (NAME=value) or the command line (--name value), which wins.\n\n";
  const auto line = [&](std::string_view option, std::string_view what) {
    fmt::format_to(std::back_inserter(out), "  {:<22} {}\n", option, what);
  };
  line("-h, --help", "this text");
  line("--print-config", "the values in effect and where each is from; secrets are masked");
  line("--env-file FILE", "more defaults in the format of app.env; may be given again");
  line("--set NAME=VALUE", "any setting by its name; may be given again");
  for (const Spec* spec : specs) {
    fmt::format_to(std::back_inserter(out), "\n{}:\n", spec->service());
    for (const auto& setting : spec->settings()) {
      fmt::format_to(std::back_inserter(out), "  {}  {}\n      {}\n      {}; {}\n", option_name(setting.name()), setting.name(),
                     setting.summary(), setting.type(), default_text(setting));
      if (const auto shared = setting.shared_name(spec->prefix()); !shared.empty()) {
        fmt::format_to(std::back_inserter(out), "      also {}, for all services\n", shared);
      }
    }
  }
  return out;
}

std::string print_text(std::span<Spec* const> specs) {
  std::string out;
  for (const Spec* spec : specs) {
    for (const auto& setting : spec->settings()) {
      fmt::format_to(std::back_inserter(out), "{:<48} # {}\n", fmt::format("{}={}", setting.name(), setting.shown()), origin(setting));
    }
  }
  return out;
}

}  // namespace pkg::config
