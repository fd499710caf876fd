#include "tests/chaos/audit.hpp"

#include <boost/json.hpp>
#include <chrono>
#include <fstream>
#include <iterator>

#include "pkg/testing/poll.hpp"
#include "pkg/testing/process.hpp"

namespace mall::chaos {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;
using namespace std::chrono_literals;

/// For as long as nobody else asks the gateway what a process that was killed had begun to ask it, and some more.
constexpr Millis claimed_for = 40'000;

void take_rule(const json::object& rule, Audited& into, std::int64_t& checked) {
  checked += rule.at("checked").as_int64();
  for (const auto& each : rule.at("findings").as_array()) {
    const auto& found = each.as_object();
    into.findings.push_back("audit, " + std::string(rule.at("id").as_string()) + ": " + std::string(found.at("subject").as_string()) +
                            ": expected " + json::serialize(found.at("expected")) + ", found " + json::serialize(found.at("found")));
  }
}

void take(const std::string& text, Audited& into) {
  const auto whole = json::parse(text).as_object();
  std::int64_t checked = 0;
  const auto& rules = whole.at("rules").as_array();
  for (const auto& rule : rules) take_rule(rule.as_object(), into, checked);
  into.summary = std::to_string(rules.size()) + " rules, " + std::to_string(checked) + " things checked";
  if (!whole.at("clean").as_bool() && into.findings.empty()) into.findings.push_back("the audit is not clean, and does not say why");
}

Audited audit_once(const std::map<std::string, std::string>& databases, const fs::path& folder) {
  Audited audited;
  const auto program = fs::read_symlink("/proc/self/exe").parent_path().parent_path() / "bin" / "mallctl";
  std::vector<std::string> words{program.string(), "audit", "--json", "--settled"};
  for (const auto& [service, connection] : databases) words.insert(words.end(), {"--database", service + "=" + connection});
  const auto report = folder / "audit.json";
  fs::remove(report);
  pkg::testing::Process process({.words = words, .environment = {}, .folder = folder, .log = report});
  process.start();
  if (!pkg::testing::poll_until([&] { return !process.is_running(); }, 5min)) {
    audited.findings.push_back("the audit does not end");
    return audited;
  }
  std::ifstream file(report);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  try {
    take(text, audited);
  } catch (const std::exception&) {
    audited.findings.push_back("the audit cannot be understood: " + text.substr(0, 2000));
  }
  return audited;
}

}  // namespace

Audited audit(const std::map<std::string, std::string>& databases, const fs::path& folder, Run& run) {
  auto audited = audit_once(databases, folder);
  while (!audited.findings.empty() && !run.is_late(0, claimed_for)) {
    run.wait(2s);
    audited = audit_once(databases, folder);
  }
  return audited;
}

}  // namespace mall::chaos
