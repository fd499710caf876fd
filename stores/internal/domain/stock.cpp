#include "stores/internal/domain/stock.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace stores::domain {
namespace {

constexpr auto most = std::numeric_limits<std::int64_t>::max();

using Lines = std::vector<ReservationLine>;

std::unexpected<StockRejected> reject(StockRejection reason, std::string detail) {
  return std::unexpected(StockRejected{reason, std::move(detail)});
}

StockDecision nothing() { return std::optional<StockChange>{}; }

const Shelf* find(const std::vector<Shelf>& shelves, const ProductId& product) {
  const auto shelf = std::ranges::find(shelves, product, &Shelf::product);
  return shelf == shelves.end() ? nullptr : &*shelf;
}

/// One line for each product, in the order of their ids.
std::expected<Lines, StockRejected> sum(Lines items) {
  if (items.empty()) return reject(StockRejection::reservation_empty, "There is nothing to reserve.");
  std::ranges::stable_sort(items, {}, &ReservationLine::product);
  Lines lines;
  for (const auto& item : items) {
    if (item.quantity < 1) return reject(StockRejection::quantity_out_of_range, "A quantity is at least 1.");
    if (lines.empty() || lines.back().product != item.product) {
      lines.push_back(item);
    } else if (item.quantity > most - lines.back().quantity) {
      return reject(StockRejection::quantity_out_of_range, "The quantities of one product are too large together.");
    } else {
      lines.back().quantity += item.quantity;
    }
  }
  return lines;
}

std::expected<void, StockRejected> check_on_sale(const Lines& lines, const std::vector<Shelf>& shelves) {
  for (const auto& line : lines) {
    if (!find(shelves, line.product))
      return reject(StockRejection::no_such_product, "There is no product " + line.product.to_string() + ".");
  }
  for (const auto& line : lines) {
    const auto* shelf = find(shelves, line.product);
    if (!shelf->on_sale) return reject(StockRejection::product_removed, "\"" + shelf->name + "\" is not sold any more.");
  }
  return {};
}

/// The stocks of the lines' products that are counted, each changed by `change(stock, quantity)`.
template <class Change>
std::vector<StockChange::Level> counted(const Lines& lines, const std::vector<Shelf>& shelves, Change change) {
  std::vector<StockChange::Level> levels;
  for (const auto& line : lines) {
    const auto* shelf = find(shelves, line.product);
    if (!shelf || !shelf->stock.on_hand) continue;
    levels.push_back({line.product, shelf->stock});
    change(levels.back().stock, line.quantity);
  }
  return levels;
}

}  // namespace

std::optional<std::int64_t> available(const Stock& stock) {
  if (!stock.on_hand) return std::nullopt;
  return *stock.on_hand - stock.reserved;
}

StockDecision reserve(const Reservation& reservation, const Lines& items, const std::vector<Shelf>& shelves) {
  switch (reservation.status) {
    case ReservationStatus::none: break;
    case ReservationStatus::reserved:
    case ReservationStatus::committed: return nothing();
    case ReservationStatus::released: return reject(StockRejection::reservation_ended, "The order gave its stock back before.");
  }
  auto lines = sum(items);
  if (!lines) return std::unexpected(lines.error());
  if (auto sold = check_on_sale(*lines, shelves); !sold) return std::unexpected(sold.error());
  std::string missing;
  for (const auto& line : *lines) {
    const auto* shelf = find(shelves, line.product);
    const auto left = available(shelf->stock);
    if (!left || *left >= line.quantity) continue;
    missing += (missing.empty() ? "" : "; ") + ("\"" + shelf->name) + "\" has " + std::to_string(*left) + " left, " +
               std::to_string(line.quantity) + " are wanted";
  }
  if (!missing.empty()) return reject(StockRejection::out_of_stock, missing + ".");
  auto levels = counted(*lines, shelves, [](Stock& stock, std::int64_t quantity) { stock.reserved += quantity; });
  return StockChange{{ReservationStatus::reserved, std::move(*lines)}, std::move(levels)};
}

StockDecision commit(const Reservation& reservation, const std::vector<Shelf>& shelves) {
  switch (reservation.status) {
    case ReservationStatus::none: return reject(StockRejection::not_reserved, "Nothing is reserved for the order yet.");
    case ReservationStatus::reserved: break;
    case ReservationStatus::committed: return nothing();
    case ReservationStatus::released: return reject(StockRejection::reservation_ended, "The order gave its stock back before.");
  }
  auto levels = counted(reservation.lines, shelves, [](Stock& stock, std::int64_t quantity) {
    *stock.on_hand -= quantity;
    stock.reserved -= quantity;
  });
  return StockChange{{ReservationStatus::committed, reservation.lines}, std::move(levels)};
}

StockDecision release(const Reservation& reservation, const std::vector<Shelf>& shelves) {
  switch (reservation.status) {
    case ReservationStatus::none: return StockChange{{ReservationStatus::released, {}}, {}};
    case ReservationStatus::reserved: break;
    case ReservationStatus::committed: return reject(StockRejection::reservation_ended, "The order's goods were handed over.");
    case ReservationStatus::released: return nothing();
  }
  auto levels = counted(reservation.lines, shelves, [](Stock& stock, std::int64_t quantity) { stock.reserved -= quantity; });
  return StockChange{{ReservationStatus::released, reservation.lines}, std::move(levels)};
}

std::expected<Stock, StockRejected> restock(const Stock& stock, std::int64_t quantity) {
  if (quantity < 1) return reject(StockRejection::quantity_out_of_range, "A quantity is at least 1.");
  if (!stock.on_hand) return reject(StockRejection::stock_unlimited, "The product's stock is unlimited.");
  if (quantity > most - *stock.on_hand) return reject(StockRejection::stock_too_large, "The stock would be too large.");
  return Stock{*stock.on_hand + quantity, stock.reserved};
}

}  // namespace stores::domain
