#include "tests/mall/auditor.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>

#include <array>
#include <boost/json.hpp>
#include <cstdio>
#include <filesystem>
#include <set>

namespace mall::testing {
namespace {

namespace fs = std::filesystem;

std::string quoted(const std::string& word) {
  std::string shell = "'";
  for (const char c : word) shell += c == '\'' ? std::string(R"('\'')") : std::string(1, c);
  return shell + "'";
}

void read(const boost::json::object& report, Audit& audit) {
  audit.clean = report.at("clean").as_bool();
  for (const auto& one : report.at("rules").as_array()) {
    const auto& rule = one.as_object();
    audit.checked += rule.at("checked").to_number<std::uint64_t>();
    audit.under_way += rule.at("under_way").to_number<std::uint64_t>();
    for (const auto& found : rule.at("findings").as_array()) {
      const auto text = [&](const char* name) { return std::string(found.as_object().at(name).as_string()); };
      audit.findings.push_back({std::string(rule.at("id").as_string()), text("subject"), text("expected"), text("found")});
    }
  }
}

}  // namespace

std::string Audit::rules() const {
  std::set<std::string> names;
  for (const auto& finding : findings) names.insert(finding.rule);
  std::string joined;
  for (const auto& name : names) joined += (joined.empty() ? "" : " ") + name;
  return joined;
}

Databases databases_of(const RunningMall& mall) {
  Databases databases;
  for (const auto& service : RunningMall::service_names()) databases[service] = mall.database(service).connection_string();
  return databases;
}

std::string audit_says(const std::string& options, int* exit_code) {
  const auto program = fs::read_symlink("/proc/self/exe").parent_path().parent_path() / "bin" / "mallctl";
  std::FILE* pipe = ::popen((program.string() + " audit " + options + " 2>&1").c_str(), "r");
  if (pipe == nullptr) return "";
  std::string text;
  std::array<char, 4096> part{};
  for (std::size_t count = 0; (count = std::fread(part.data(), 1, part.size(), pipe)) > 0;) text.append(part.data(), count);
  const int status = ::pclose(pipe);
  if (exit_code != nullptr) *exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return text;
}

Audit audit(const Databases& databases, const std::string& options) {
  std::string words = "--json " + options;
  for (const auto& [service, url] : databases) words += " --database " + quoted(service + "=" + url);
  Audit audit;
  audit.text = audit_says(words, &audit.exit_code);
  EXPECT_TRUE(audit.text.starts_with("{\"clean\"")) << audit.text;
  if (audit.text.starts_with('{')) read(boost::json::parse(audit.text).as_object(), audit);
  return audit;
}

}  // namespace mall::testing
