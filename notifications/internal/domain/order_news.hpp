#pragma once
// What may happen to an order that its shopper hears of.

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "notifications/internal/domain/ids.hpp"
#include "pkg/money/money.hpp"

namespace notifications::domain {

struct OrderApproved {};
struct OrderRejected {
  std::string reason;  ///< for people; may be empty
};
/// The robots are done and there is an invoice. It is payments that tells of this, after ordering has told that the order is ready:
/// so that the message can name the invoice.
struct OrderReady {
  InvoiceId invoice;
  pkg::money::Money amount;
};
struct OrderCompleted {};
struct OrderCanceled {};

using OrderNews = std::variant<OrderApproved, OrderRejected, OrderReady, OrderCompleted, OrderCanceled>;

/// What is remembered of an order so that messages can say which one they are about.
struct OrderSummary {
  std::string items;  ///< "2 × Tea, 1 × Mug"
  pkg::money::Money total;
};

struct OrderLine {
  std::string product_name;
  int quantity = 0;
};

/// The first few lines, and how many there are besides.
std::string summarize(const std::vector<OrderLine>& lines);

}  // namespace notifications::domain
