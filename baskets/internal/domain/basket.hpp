#pragma once
// A basket: what one shopper collects from the mall's stores until it becomes an order.
//
//   (none) --start--> open --check_out--> checked_out
//                      \----cancel, expire----> canceled
//
// Invariants: a line holds 1 to 999 pieces of one product; all lines have one currency; the total fits 64 bits; lines change only
// while it is open; a checked-out basket has at least one line and a payment. Only the owner acts on it; time may expire it.

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "baskets/internal/domain/basket_events.hpp"
#include "baskets/internal/domain/basket_rejection.hpp"
#include "baskets/internal/domain/ids.hpp"
#include "pkg/clock/clock.hpp"
#include "pkg/money/money.hpp"

namespace baskets::domain {

constexpr int max_quantity_per_line = 999;

enum class BasketStatus : std::uint8_t { none, open, checked_out, canceled };

struct BasketItem {
  ProductId product;
  StoreId store;
  std::string product_name;
  std::string store_name;
  pkg::money::Money price;  ///< of one piece
  int quantity = 0;
  friend bool operator==(const BasketItem&, const BasketItem&) = default;
};

struct Basket {
  using Id = BasketId;
  using Event = BasketEvent;
  static constexpr std::string_view kind = "Basket";

  BasketStatus status = BasketStatus::none;
  UserId owner;
  std::vector<BasketItem> items;  ///< in the order in which the products came in
  std::optional<PaymentId> payment;
  pkg::clock::TimePoint touched_at;

  friend bool operator==(const Basket&, const Basket&) = default;
};

/// The state after one more event; accepts any event in any state.
Basket apply(Basket basket, const BasketEvent& event);

/// The sum of the lines; nothing while the basket is empty.
std::optional<pkg::money::Money> total(const Basket& basket);

const BasketItem* find_item(const Basket& basket, const ProductId& product);

/// What a store offers at present, as far as baskets knows.
struct Offer {
  ProductId product;
  StoreId store;
  std::string product_name;
  std::string store_name;
  pkg::money::Money price;
  bool sold = true;           ///< false once the product was removed
  bool participating = true;  ///< whether the store takes part in the mall
};

/// Who acts, and when.
struct Actor {
  UserId user;
  pkg::clock::TimePoint now;
};

/// The rejection of a product that nobody here has heard of.
BasketRejected unknown_product();

using Decision = std::expected<std::vector<BasketEvent>, BasketRejected>;

// Decisions: pure. The events that follow from a command, or why it is refused; no events means that there is nothing to do.

/// May reject with no_such_basket, not_your_basket.
std::expected<void, BasketRejected> may_see(const Basket& basket, const UserId& user);

Decision start(const Basket& basket, const Actor& actor);
/// `offer` is what is known of the product, nothing where there is no such product. May reject with no_such_basket,
/// not_your_basket, basket_not_open, quantity_out_of_range, product_not_sold, store_not_participating, currency_mismatch, total_too_large.
Decision add_item(const Basket& basket, const Actor& actor, const std::optional<Offer>& offer, int quantity);
/// Without a quantity the whole line goes. May reject with no_such_basket, not_your_basket, basket_not_open, item_not_in_basket,
/// quantity_out_of_range.
Decision remove_item(const Basket& basket, const Actor& actor, const ProductId& product, std::optional<int> quantity);
/// Takes over the present prices of all lines. `offers` are those of the basket's products; one that is missing is not sold. May
/// reject like add_item.
Decision reprice(const Basket& basket, const Actor& actor, const std::vector<Offer>& offers);
/// May reject with no_such_basket, not_your_basket, basket_not_open, product_not_sold, store_not_participating, basket_empty,
/// payment_required, price_changed.
Decision check_out(const Basket& basket, const Actor& actor, const std::vector<Offer>& offers, std::optional<PaymentId> payment);
/// May reject with no_such_basket, not_your_basket, basket_not_open; canceling a canceled basket does nothing.
Decision cancel(const Basket& basket, const Actor& actor);
/// Ends an open basket that nobody touched for `lifetime`; does nothing to any other.
std::vector<BasketEvent> expire(const Basket& basket, pkg::clock::TimePoint now, pkg::clock::Duration lifetime);

}  // namespace baskets::domain
