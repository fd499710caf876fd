#pragma once

#include <cstdint>
#include <string_view>

#include "pkg/errors/error.hpp"
#include "pkg/money/money.hpp"

namespace search::adapters::pg {

/// Fails with `internal`, code "unreadable_row".
inline pkg::errors::Result<pkg::money::Money> read_money(std::string_view currency, std::int64_t minor_units) {
  const auto parsed = pkg::money::Currency::parse(currency);
  if (!parsed) return pkg::errors::fail(pkg::errors::ErrorKind::internal, "unreadable_row", "A stored currency cannot be read.");
  return pkg::money::Money{*parsed, minor_units};
}

}  // namespace search::adapters::pg
