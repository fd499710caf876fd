#pragma once
// Where an order stands, in the words of ordering.

#include <cstdint>
#include <optional>
#include <string_view>

namespace search::domain {

enum class OrderStatus : std::uint8_t { pending, approved, ready, completed, rejected, canceled };

/// "APPROVED"
std::string_view to_word(OrderStatus status);
/// Nothing where no status is called that.
std::optional<OrderStatus> status_of(std::string_view word);

}  // namespace search::domain
