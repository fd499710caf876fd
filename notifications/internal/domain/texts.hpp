#pragma once
// All that people are told, in one place: plain text, one subject line and a few sentences. What comes from other people (names,
// reasons) is put in one line, without control characters.

#include <optional>
#include <string>
#include <string_view>

#include "notifications/internal/domain/ids.hpp"
#include "notifications/internal/domain/order_news.hpp"

namespace notifications::domain {

struct Text {
  std::string subject;
  std::string body;  ///< lines end in \n

  friend bool operator==(const Text&, const Text&) = default;
};

/// What is known of the reader and the order; a text does without what is missing.
struct Context {
  std::string username;  ///< empty where no event has told it yet
  std::optional<OrderSummary> order;
};

Text welcome_text(std::string_view username);
Text order_text(const OrderId& order, const OrderNews& news, const Context& context);

}  // namespace notifications::domain
