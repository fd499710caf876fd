#pragma once
// What the use cases of stores need from outside. Adapters: adapters/pg, ports/handlers; fakes: tests/fakes.hpp.

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "pkg/errors/error.hpp"
#include "pkg/es/event_store.hpp"
#include "pkg/paging/paging.hpp"
#include "pkg/uow/unit_of_work.hpp"
#include "stores/internal/domain/product.hpp"
#include "stores/internal/domain/stock.hpp"
#include "stores/internal/domain/store.hpp"

namespace stores::app {

using StoreStore = pkg::es::EventStore<domain::Store>;
using ProductStore = pkg::es::EventStore<domain::Product>;

/// A store as it is shown.
struct StoreView {
  domain::StoreId id;
  domain::UserId owner;
  std::string name;
  std::string location;
  bool participating = false;
  pkg::es::Version version = 0;
  friend bool operator==(const StoreView&, const StoreView&) = default;
};

/// A product as it is shown, with its stock.
struct ProductView {
  domain::ProductId id;
  domain::StoreId store;
  std::string name;
  std::string description;
  std::string sku;
  pkg::money::Money price;
  pkg::es::Version version = 0;
  domain::Stock stock;
  friend bool operator==(const ProductView&, const ProductView&) = default;
};

// The read models are kept in step with the events in the same unit of work. They list in the order of the ids, which is that of
// their making; a cursor has one part, the id of the last one seen. Reads fail with `unavailable`, lists besides with `malformed`
// where the cursor is not their own.
constexpr std::size_t cursor_parts = 1;

/// The stores of the mall.
class Mall {
 public:
  virtual ~Mall() = default;
  virtual void note(pkg::uow::UnitOfWork& unit, const domain::StoreId& id, const pkg::es::Loaded<domain::Store>& after) = 0;
  virtual pkg::errors::Result<std::optional<StoreView>> find(pkg::uow::UnitOfWork& unit, const domain::StoreId& id) = 0;
  /// All stores where `participating` is absent.
  virtual pkg::errors::Result<pkg::paging::Slice<StoreView>> list(pkg::uow::UnitOfWork& unit, std::optional<bool> participating,
                                                                  const pkg::paging::Page& page) = 0;
};

/// What the stores sell. A product that was removed is not shown any more, and its sku is free again.
class Catalog {
 public:
  virtual ~Catalog() = default;
  /// The unit fails with sku_taken where another product on sale in the store has the sku.
  virtual void note(pkg::uow::UnitOfWork& unit, const domain::ProductId& id, const pkg::es::Loaded<domain::Product>& after) = 0;
  virtual pkg::errors::Result<std::optional<ProductView>> find(pkg::uow::UnitOfWork& unit, const domain::ProductId& id) = 0;
  virtual pkg::errors::Result<pkg::paging::Slice<ProductView>> of_store(pkg::uow::UnitOfWork& unit, const domain::StoreId& store,
                                                                        const pkg::paging::Page& page) = 0;
};

/// What a decision about an order's stock needs to know.
struct StockFacts {
  domain::Reservation reservation;
  std::vector<domain::Shelf> shelves;  ///< of the products asked for and of those in the reservation
};

/// What look() is going to be asked for.
struct StockWanted {
  domain::OrderId order;
  std::vector<domain::ProductId> products;
};

/// The stock of all products and the reservations of all orders. A unit of work that looks here is alone with the stock until it ends:
/// others wait, so that what it decides still holds when it commits, and units that handle many orders cannot block one another.
class StockRoom {
 public:
  virtual ~StockRoom() = default;
  /// Begins to count, or not to count, a product that is new; not a look in the sense above.
  virtual void open(pkg::uow::UnitOfWork& unit, const domain::ProductId& product, const domain::Stock& stock) = 0;
  /// What this unit has saved is seen. Fails with `unavailable` and `contended`.
  virtual pkg::errors::Result<StockFacts> look(pkg::uow::UnitOfWork& unit, const domain::OrderId& order,
                                               std::span<const domain::ProductId> products) = 0;
  /// A look for many at once, before the unit saves anything; look() then knows already what it is asked about these. Fails as it does.
  virtual pkg::errors::Result<> look_ahead(pkg::uow::UnitOfWork& unit, std::span<const StockWanted> wanted) = 0;
  /// The same for one product; nothing where it has no stock. Fails with `unavailable` and `contended`.
  virtual pkg::errors::Result<std::optional<domain::Stock>> look(pkg::uow::UnitOfWork& unit, const domain::ProductId& product) = 0;
  /// After a look in the same unit.
  virtual void save(pkg::uow::UnitOfWork& unit, const domain::OrderId& order, const domain::StockChange& change) = 0;
  /// The same for a product that pieces came in of.
  virtual void save(pkg::uow::UnitOfWork& unit, const domain::ProductId& product, const domain::Stock& stock) = 0;
};

/// Tells the other services what happened to a store; leaves with the commit of the unit of work.
class StoreNews {
 public:
  virtual ~StoreNews() = default;
  /// `after` is the store after all the events; its version is that of the last of them.
  virtual void tell(pkg::uow::UnitOfWork& unit, const domain::StoreId& id, const pkg::es::Loaded<domain::Store>& after,
                    std::span<const domain::StoreEvent> events) = 0;
};

/// The same for a product.
class ProductNews {
 public:
  virtual ~ProductNews() = default;
  virtual void tell(pkg::uow::UnitOfWork& unit, const domain::ProductId& id, const pkg::es::Loaded<domain::Product>& after,
                    std::span<const domain::ProductEvent> events) = 0;
};

}  // namespace stores::app
