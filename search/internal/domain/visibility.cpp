#include "search/internal/domain/visibility.hpp"

#include <algorithm>

namespace search::domain {

std::expected<void, Refusal> may_look_for(std::string_view words) {
  const auto characters = std::ranges::count_if(words, [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; });
  if (characters > longest_query) {
    return std::unexpected(
        Refusal{SearchRejection::query_too_long, "Search for at most " + std::to_string(longest_query) + " characters at once."});
  }
  return {};
}

UserId whose_orders(const std::optional<UserId>& asked_for, const Actor& actor) {
  return actor.is_operator && asked_for ? *asked_for : actor.user;
}

std::expected<void, Refusal> may_see(const std::optional<UserId>& owner, const Actor& actor) {
  if (!owner) return std::unexpected(Refusal{SearchRejection::no_such_order, "There is no such order."});
  if (*owner != actor.user && !actor.is_operator) {
    return std::unexpected(Refusal{SearchRejection::not_your_order, "Only the shopper who ordered sees this order."});
  }
  return {};
}

}  // namespace search::domain
