#pragma once
// What may be looked for, and who sees what is found.

#include <expected>
#include <optional>
#include <string_view>

#include "search/internal/domain/ids.hpp"
#include "search/internal/domain/search_rejection.hpp"

namespace search::domain {

/// Who asks.
struct Actor {
  UserId user;
  bool is_operator = false;
};

/// In characters. Nobody types more; each word costs a look into the index.
constexpr int longest_query = 300;

/// `words` is UTF-8. May refuse with query_too_long.
std::expected<void, Refusal> may_look_for(std::string_view words);

/// Whose orders somebody sees who asked for those of `asked_for`: operators those of anybody, and everybody else their own.
UserId whose_orders(const std::optional<UserId>& asked_for, const Actor& actor);

/// `owner` is nothing where there is no such order. May refuse with no_such_order, not_your_order.
std::expected<void, Refusal> may_see(const std::optional<UserId>& owner, const Actor& actor);

}  // namespace search::domain
