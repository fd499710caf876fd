#pragma once
// How many pieces of its products a store has, and which of them are set aside for orders. State-stored: see
// docs/adr/0015-stock-is-state-stored.md for why it is no part of the product's events.
//
//   (none) --reserve--> reserved --commit--> committed
//     |                     \------release--> released
//     \------------release (a tombstone)-------/
//
// Invariants: a counted stock has 0 <= reserved <= on hand, an unlimited one is not counted at all, and stays what it is; an order has
// one reservation, of all its items or of none, and it ends once. Releasing what was never reserved leaves a tombstone, so that a
// reservation that comes late is refused and nothing stays set aside for an order that is gone.

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <vector>

#include "stores/internal/domain/ids.hpp"
#include "stores/internal/domain/stock_rejection.hpp"

namespace stores::domain {

/// Of one product.
struct Stock {
  std::optional<std::int64_t> on_hand;  ///< pieces in the store, reserved ones included; nothing: unlimited
  std::int64_t reserved = 0;            ///< pieces set aside for orders; 0 where unlimited
  friend bool operator==(const Stock&, const Stock&) = default;
};

/// Pieces that can still be ordered; nothing: unlimited.
std::optional<std::int64_t> available(const Stock& stock);

struct ReservationLine {
  ProductId product;
  std::int64_t quantity = 0;
  friend bool operator==(const ReservationLine&, const ReservationLine&) = default;
};

enum class ReservationStatus : std::uint8_t { none, reserved, committed, released };

struct Reservation {
  ReservationStatus status = ReservationStatus::none;
  std::vector<ReservationLine> lines;  ///< one for each product, in the order of their ids
  friend bool operator==(const Reservation&, const Reservation&) = default;
};

/// What a decision needs to know of a product.
struct Shelf {
  ProductId product;
  std::string name;
  bool on_sale = true;  ///< false once the product was removed
  Stock stock;
  friend bool operator==(const Shelf&, const Shelf&) = default;
};

/// What a decision changes: the order's reservation, and the counted stocks that are other than before.
struct StockChange {
  struct Level {
    ProductId product;
    Stock stock;
    friend bool operator==(const Level&, const Level&) = default;
  };
  Reservation reservation;
  std::vector<Level> levels;
  friend bool operator==(const StockChange&, const StockChange&) = default;
};

/// Nothing where there is nothing to do.
using StockDecision = std::expected<std::optional<StockChange>, StockRejected>;

// Decisions: pure. `shelves` are those of the products concerned, in any order; a product that has none does not exist.

/// All items or none; the same product in several items is summed. What is reserved already, or was committed, stays as it is. May
/// reject with reservation_ended, reservation_empty, quantity_out_of_range, no_such_product, product_removed, out_of_stock.
StockDecision reserve(const Reservation& reservation, const std::vector<ReservationLine>& items, const std::vector<Shelf>& shelves);
/// The pieces leave the store. May reject with not_reserved, reservation_ended (it was released).
StockDecision commit(const Reservation& reservation, const std::vector<Shelf>& shelves);
/// The pieces can be ordered again. May reject with reservation_ended (it was committed).
StockDecision release(const Reservation& reservation, const std::vector<Shelf>& shelves);

/// The stock with so many pieces more. May reject with quantity_out_of_range, stock_unlimited, stock_too_large.
std::expected<Stock, StockRejected> restock(const Stock& stock, std::int64_t quantity);

}  // namespace stores::domain
