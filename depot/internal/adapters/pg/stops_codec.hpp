#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "depot/internal/domain/shopping_list.hpp"
#include "pkg/errors/error.hpp"

namespace depot::adapters::pg {

/// How a list's stops are written down (stops.proto); tests/golden has the bytes.
std::string encode_stops(const std::vector<domain::Stop>& stops);
/// Fails with `internal`, code "unreadable_row".
pkg::errors::Result<std::vector<domain::Stop>> decode_stops(std::string_view bytes);

}  // namespace depot::adapters::pg
