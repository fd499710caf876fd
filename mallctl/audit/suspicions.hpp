#pragma once
// When what does not fit is sure enough to be told.

#include <cstdint>
#include <vector>

#include "mallctl/audit/finding.hpp"

namespace mallctl::audit {

/// What did not fit at the first look by one rule, and what became of it at the looks after that.
class Suspicions {
 public:
  explicit Suspicions(const Verdict& first);

  /// Keeps what is just the same. What is new is for the next audit: in a busy mall there is always something new, and this has to end.
  void look_again(const Verdict& verdict);

  /// Whether all that is kept is a finding: it was seen at two looks at least, and where something that is under way may explain it, for as
  /// long as that may take. `watched` is the time since the first look.
  bool are_sure(pkg::clock::Duration watched, const Limits& limits) const;

  std::size_t count() const { return held_.size(); }
  /// How many were gone at a later look: they were under way.
  std::uint64_t vanished() const { return vanished_; }
  std::vector<Finding> findings() const;

 private:
  std::vector<Verdict::Suspicion> held_;
  int looks_ = 1;
  std::uint64_t vanished_ = 0;
};

}  // namespace mallctl::audit
