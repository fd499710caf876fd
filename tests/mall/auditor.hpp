#pragma once
// mallctl audit, run against a mall of a test's own.

#include <map>
#include <ostream>
#include <string>
#include <vector>

#include "tests/mall/running_mall.hpp"

namespace mall::testing {

struct Audit {
  struct Finding {
    std::string rule, subject, expected, found;
  };
  int exit_code = -1;
  bool clean = false;
  std::uint64_t checked = 0;
  std::uint64_t under_way = 0;
  std::vector<Finding> findings;
  std::string text;  ///< all that it said

  /// The rules that found something, once each: "captured-once told-once".
  std::string rules() const;

  friend std::ostream& operator<<(std::ostream& out, const Audit& audit) { return out << audit.text; }
};

/// Connection strings by service; those of a running mall are its databases'.
using Databases = std::map<std::string, std::string>;
Databases databases_of(const RunningMall& mall);

/// Runs `mallctl audit --json` with these options.
Audit audit(const Databases& databases, const std::string& options = {});

/// What `mallctl audit` says on its output with these options, and nothing else.
std::string audit_says(const std::string& options, int* exit_code = nullptr);

}  // namespace mall::testing
