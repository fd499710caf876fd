#pragma once
// What the use cases of search need from outside. Adapters: adapters/pg; fakes: tests/fakes.hpp.
//
// Everything here is learned from the events of other services. A fact says what held after which version of its aggregate; facts may
// come twice and in any order: an older one never replaces a newer one of the same sort.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "pkg/clock/clock.hpp"
#include "pkg/errors/error.hpp"
#include "pkg/money/money.hpp"
#include "pkg/paging/paging.hpp"
#include "pkg/uow/unit_of_work.hpp"
#include "search/internal/domain/ids.hpp"
#include "search/internal/domain/order_status.hpp"

namespace search::app {

struct StoreFact {
  domain::StoreId store;
  std::optional<std::string> name;
  std::optional<bool> participating;
  domain::Version version = 0;
};

struct ProductFact {
  /// How it is presented.
  struct Brand {
    std::string name;
    std::string description;
  };
  /// What never changes.
  struct Origin {
    domain::StoreId store;
    std::string sku;
  };
  domain::ProductId product;
  std::optional<Origin> origin;
  std::optional<Brand> brand;
  std::optional<pkg::money::Money> price;
  bool removed = false;  ///< for good
  domain::Version version = 0;
};

enum class ProductSort : std::uint8_t {
  relevance,  ///< best match first where there are words, else by name
  price,
  price_descending,
  name,
};

struct ProductQuery {
  std::string words;  ///< UTF-8; none: everything
  std::optional<domain::StoreId> store;
  std::optional<std::int64_t> min_price;  ///< in minor units, whatever the currency
  std::optional<std::int64_t> max_price;
  std::optional<pkg::money::Currency> currency;
  ProductSort sort = ProductSort::relevance;
  pkg::paging::Page page;
};

struct FoundProduct {
  domain::ProductId id;
  domain::StoreId store;
  std::string store_name;
  std::string name;
  std::string description;
  std::string sku;
  pkg::money::Money price;
};

/// What participating stores sell.
class ProductIndex {
 public:
  virtual ~ProductIndex() = default;
  virtual void learn(pkg::uow::UnitOfWork& unit, const StoreFact& fact) = 0;
  virtual void learn(pkg::uow::UnitOfWork& unit, const ProductFact& fact) = 0;
  /// The products that have all the words, or words like them, those with the very words first. Only products that are fully known, on
  /// sale, and of a store that participates. Fails with `unavailable`, or `malformed` where the cursor is not of this sort.
  virtual pkg::errors::Result<pkg::paging::Slice<FoundProduct>> find(pkg::uow::UnitOfWork& unit, const ProductQuery& query) = 0;
  static constexpr std::size_t cursor_parts = 3;
};

struct UserFact {
  domain::UserId user;
  std::string username;  ///< never changes
};

struct OrderedItem {
  domain::ProductId product;
  domain::StoreId store;
  std::string product_name;
  std::string store_name;
  pkg::money::Money price;
  int quantity = 0;
  friend bool operator==(const OrderedItem&, const OrderedItem&) = default;
};

struct OrderFact {
  /// What was ordered; never changes.
  struct Contents {
    domain::UserId user;
    std::vector<OrderedItem> items;
    pkg::money::Money total;
    pkg::clock::TimePoint created_at;
  };
  domain::OrderId order;
  std::optional<Contents> contents;
  domain::OrderStatus status = domain::OrderStatus::pending;
  domain::Version version = 0;
};

struct OrderQuery {
  domain::UserId user;
  std::optional<pkg::clock::TimePoint> after;   ///< created then or later
  std::optional<pkg::clock::TimePoint> before;  ///< created earlier
  std::vector<domain::StoreId> stores;          ///< with something from any of these; none: from wherever
  std::vector<domain::ProductId> products;      ///< with any of these; none: whatever
  std::optional<std::int64_t> min_total;        ///< in minor units, whatever the currency
  std::optional<std::int64_t> max_total;
  std::optional<domain::OrderStatus> status;
  pkg::paging::Page page;
};

struct FoundOrder {
  domain::OrderId id;
  domain::UserId user;
  std::string username;  ///< empty as long as it has not been heard of
  domain::OrderStatus status = domain::OrderStatus::pending;
  std::vector<OrderedItem> items;
  pkg::money::Money total;
  pkg::clock::TimePoint created_at;
};

/// All orders that were ever made.
class OrderHistory {
 public:
  virtual ~OrderHistory() = default;
  virtual void learn(pkg::uow::UnitOfWork& unit, const UserFact& fact) = 0;
  virtual void learn(pkg::uow::UnitOfWork& unit, const OrderFact& fact) = 0;
  /// Nothing where the order's contents have not been heard of. Fails with `unavailable`.
  virtual pkg::errors::Result<std::optional<FoundOrder>> find(pkg::uow::UnitOfWork& unit, const domain::OrderId& order) = 0;
  /// Newest first. The cursor has two parts. Fails with `unavailable`, or `malformed` where the cursor is not its own.
  virtual pkg::errors::Result<pkg::paging::Slice<FoundOrder>> list(pkg::uow::UnitOfWork& unit, const OrderQuery& query) = 0;
  static constexpr std::size_t cursor_parts = 2;
};

}  // namespace search::app
