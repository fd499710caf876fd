// mallctl: what an operator does to a mall from outside. Its one command looks whether everything adds up.

#include <CLI/CLI.hpp>
#include <cstdio>
#include <string>
#include <thread>
#include <vector>

#include "mallctl/audit/audit.hpp"
#include "mallctl/audit/report.hpp"

namespace {

using namespace mallctl;

constexpr int clean = 0, findings = 1, could_not = 2;

struct Options {
  std::vector<std::string> databases;
  std::vector<std::string> rules;
  bool json = false;
  bool list = false;
  bool settled = false;
  unsigned within_seconds = 120;
  unsigned look_again_ms = 2000;
};

constexpr const char* footer = R"(Reads only, and may run beside a live mall: what is on its way within its time is counted as under way.

Where a service's database is: --database, or <SERVICE>_DATABASE_URL in the environment, or the settings of the mall that runs from
$MALL_DIR (.mall).

Exit code: 0 clean, 1 something was found, 2 the audit could not be made. docs/auditing.md says what a finding means.)";

void declare(CLI::App& app, Options& options) {
  app.footer(footer);
  app.add_option("--database", options.databases, "service=conninfo: where a service's database is (again for each)")
      ->type_name("SERVICE=CONNINFO")
      ->allow_extra_args(false);
  app.add_option("--rule", options.rules, "only this rule (again for each); --list tells them")->type_name("ID")->allow_extra_args(false);
  app.add_flag("--settled", options.settled, "nothing may be under way: everything must have come to its end");
  app.add_option("--within", options.within_seconds, "how long anything may be under way")->type_name("SECONDS")->capture_default_str();
  app.add_option("--look-again", options.look_again_ms, "when to look again at what does not fit")
      ->type_name("MILLISECONDS")
      ->capture_default_str();
  app.add_flag("--json", options.json, "for scripts");
  app.add_flag("--list", options.list, "tells the rules and ends");
}

int refuse(const std::string& why) {
  std::fprintf(stderr, "mallctl: %s\n", why.c_str());
  return could_not;
}

/// The rules that were asked for, or what is wrong with the wish.
std::expected<std::vector<const audit::Rule*>, std::string> rules_of(const Options& options) {
  std::vector<const audit::Rule*> rules;
  for (const auto& id : options.rules) {
    const auto* rule = audit::find_rule(id);
    if (rule == nullptr) return std::unexpected(id + " is no rule; --list tells them");
    rules.push_back(rule);
  }
  if (rules.empty()) {
    for (const auto& rule : audit::all_rules()) rules.push_back(&rule);
  }
  return rules;
}

std::expected<std::map<std::string, std::string>, std::string> databases_of(const Options& options) {
  std::map<std::string, std::string> by_hand;
  for (const auto& pair : options.databases) {
    const auto equals = pair.find('=');
    const auto service = pair.substr(0, equals);
    if (equals == std::string::npos || std::ranges::find(audit::services(), service) == audit::services().end())
      return std::unexpected("--database expects SERVICE=CONNINFO, with the name of one of the nine services");
    by_hand[service] = pair.substr(equals + 1);
  }
  return audit::find_databases(by_hand);
}

int run_audit(const Options& options) {
  if (options.list) {
    std::fputs(audit::list_of_rules().c_str(), stdout);
    return clean;
  }
  const auto rules = rules_of(options);
  if (!rules) return refuse(rules.error());
  const auto urls = databases_of(options);
  if (!urls) return refuse(urls.error());
  audit::Databases databases(*urls);
  const auto subscribers = audit::ask_services();
  const pkg::clock::SystemClock clock;
  const audit::Request request{
      *rules, {std::chrono::seconds{options.within_seconds}, options.settled}, std::chrono::milliseconds{options.look_again_ms}};
  const auto pause = [](std::chrono::milliseconds time) { std::this_thread::sleep_for(time); };
  const auto note = [&](const std::string& what) {
    if (!options.json) std::fprintf(stderr, "mallctl: %s\n", what.c_str());
  };
  const auto outcomes = audit::audit(request, {databases, subscribers, clock, pause, note});
  if (!outcomes) return refuse(outcomes.error().detail);
  std::fputs((options.json ? audit::as_json(*outcomes) : audit::as_text(*outcomes)).c_str(), stdout);
  return audit::is_clean(*outcomes) ? clean : findings;
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  CLI::App app("What an operator does to a mall from outside.", "mallctl");
  app.require_subcommand(1);
  auto& audit = *app.add_subcommand("audit", "looks whether the nine databases agree: orders, money, stock, lists, events, messages");
  declare(audit, options);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? clean : could_not;
  }
  return run_audit(options);
}
