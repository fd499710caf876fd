#pragma once
// The auditor over the nine databases: mallctl, built beside this program.

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "tests/chaos/run.hpp"

namespace mall::chaos {

struct Audited {
  std::string summary;
  std::vector<std::string> findings;
};

/// `databases`: connection strings by service. What it says is kept in the folder. Looks again for as long as the last fault of the run may
/// explain what it finds.
Audited audit(const std::map<std::string, std::string>& databases, const std::filesystem::path& folder, Run& run);

}  // namespace mall::chaos
