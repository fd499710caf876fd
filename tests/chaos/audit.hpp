#pragma once
// The auditor over the nine databases: mallctl, built beside this program.

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace mall::chaos {

struct Audited {
  std::string summary;
  std::vector<std::string> findings;
};

/// `databases`: connection strings by service. What it says is kept in the folder.
Audited audit(const std::map<std::string, std::string>& databases, const std::filesystem::path& folder);

}  // namespace mall::chaos
