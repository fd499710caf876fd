#pragma once
// Ids and amounts that tests name.

#include "pkg/ids/id_sources.hpp"
#include "pkg/money/money.hpp"

namespace search::tests {

template <class Id>
Id id(std::uint64_t n) {
  return Id{pkg::ids::CountingIds::nth(n)};
}

inline pkg::money::Money eur(std::int64_t cents) { return {*pkg::money::Currency::parse("EUR"), cents}; }

}  // namespace search::tests
