#pragma once
// The aggregate that event stores are tried with.

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "pkg/ids/id.hpp"

namespace pkg::es::testing {

struct Added {
  std::int64_t amount = 0;
  friend bool operator==(const Added&, const Added&) = default;
};
struct Renamed {
  std::string name;
  friend bool operator==(const Renamed&, const Renamed&) = default;
};

/// The amounts stay in order, so that a lost, doubled or misplaced event shows.
struct Tally {
  using Id = ids::Id<struct TallyTag>;
  using Event = std::variant<Added, Renamed>;
  static constexpr std::string_view kind = "test.Tally";

  std::string name;
  std::vector<std::int64_t> amounts;

  friend bool operator==(const Tally&, const Tally&) = default;
};

inline Tally apply(Tally tally, const Tally::Event& event) {
  if (const auto* added = std::get_if<Added>(&event)) tally.amounts.push_back(added->amount);
  if (const auto* renamed = std::get_if<Renamed>(&event)) tally.name = renamed->name;
  return tally;
}

}  // namespace pkg::es::testing
