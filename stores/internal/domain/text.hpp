#pragma once

#include <algorithm>
#include <string_view>

namespace stores::domain {

/// Nothing but ASCII white space.
constexpr bool is_blank(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v'; });
}

}  // namespace stores::domain
