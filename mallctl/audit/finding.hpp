#pragma once
// What a rule says of the mall in one look at it.

#include <chrono>
#include <compare>
#include <cstdint>
#include <string>
#include <vector>

#include "pkg/clock/clock.hpp"

namespace mallctl::audit {

struct Finding {
  std::string subject;   ///< "order 0192…"
  std::string expected;  ///< "captured"
  std::string found;     ///< "released"; the same text at every look while nothing moves

  friend auto operator<=>(const Finding&, const Finding&) = default;
};

/// When something that is not as it should be is merely on its way.
struct Limits {
  std::chrono::milliseconds within{120'000};  ///< how long anything may be under way
  bool settled = false;                       ///< nothing may be under way: everything must have come to its end
};

/// One rule's look. Whatever does not fit is reported by one of wrong(), late() and differs(), by what can explain it.
class Verdict {
 public:
  struct Suspicion {
    Finding finding;
    bool has_to_last = false;  ///< only what lasts for as long as something may be under way is a finding
  };

  Verdict(pkg::clock::TimePoint now, const Limits& limits) : now_(now), limits_(limits) {}

  void checked(std::uint64_t count = 1) { checked_ += count; }
  /// On its way as it should be.
  void under_way(std::uint64_t count = 1) { under_way_ += count; }

  /// Nothing that is under way explains it, except that two databases were not read at the same moment.
  void wrong(Finding finding) { suspicions_.push_back({std::move(finding), false}); }
  /// What was done at `since` explains it for a while.
  void late(pkg::clock::TimePoint since, Finding finding) {
    if (!limits_.settled && now_ - since < limits_.within) return under_way();
    wrong(std::move(finding));
  }
  /// Something under way may explain it, and nobody wrote down since when.
  void differs(Finding finding) { suspicions_.push_back({std::move(finding), !limits_.settled}); }

  const Limits& limits() const { return limits_; }
  pkg::clock::TimePoint now() const { return now_; }
  std::uint64_t count_checked() const { return checked_; }
  std::uint64_t count_under_way() const { return under_way_; }
  const std::vector<Suspicion>& suspicions() const { return suspicions_; }

 private:
  pkg::clock::TimePoint now_;
  Limits limits_;
  std::uint64_t checked_ = 0;
  std::uint64_t under_way_ = 0;
  std::vector<Suspicion> suspicions_;
};

}  // namespace mallctl::audit
