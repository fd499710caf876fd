#pragma once
// The crash points that the mall's programs have written down while nothing was fatal (MALL_CRASH_LOG, pkg/faults).

#include <cstdint>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace mall::chaos {

struct Passed {
  std::map<std::string, std::uint64_t> points;  ///< "unit.committed|call AddItem", how often
  std::set<std::string> there;                  ///< "call AddItem", "message mallbots.users.v1.UserEnabled": what the service has
};

/// Throws std::runtime_error where the file cannot be understood.
Passed read_passed(const std::filesystem::path& log);

/// What the service has and no point is about: then the load does not reach it.
std::vector<std::string> not_reached(const Passed& passed);

/// One place to die at.
struct Death {
  std::string service;
  std::string point;      ///< "unit.committed|call AddItem"
  std::uint64_t pass = 1;
  std::string name() const { return service + " " + point + "|" + std::to_string(pass); }
};

/// Every point at its first and second pass, but for those where nothing happens; those of a program's start and end, which it passes once,
/// at the first.
std::vector<Death> deaths_of(const std::string& service, const Passed& passed);

/// A table for docs/reliability.md: by point, in how many services, about how many things, how many deaths.
std::string as_table(const std::vector<Death>& died);

/// Puts the text between the lines <!-- name --> and <!-- /name --> of a page, in place of what is there. Throws std::runtime_error where
/// the page has no such lines.
void write_between_marks(const std::filesystem::path& page, const std::string& name, const std::string& text);

}  // namespace mall::chaos
