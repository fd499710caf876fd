#pragma once
// What the use cases of baskets need from outside. Adapters: adapters/pg, adapters/grpc, ports/handlers; fakes: tests/fakes.hpp.

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "baskets/internal/domain/basket.hpp"
#include "pkg/errors/error.hpp"
#include "pkg/es/event_store.hpp"
#include "pkg/uow/unit_of_work.hpp"

namespace baskets::app {

using BasketStore = pkg::es::EventStore<domain::Basket>;

/// Which open baskets there are, each with a time at which it was touched; kept in step with the events by the use cases. That time follows
/// only when an expiry has looked at the basket: most are checked out long before, and what is put into them costs nothing here.
class OpenBaskets {
 public:
  virtual ~OpenBaskets() = default;
  /// Lists a basket that was started.
  virtual void add(pkg::uow::UnitOfWork& unit, const domain::BasketId& id, pkg::clock::TimePoint touched_at) = 0;
  /// It was touched after the time with which it is listed. Does nothing where it was removed meanwhile.
  virtual void move(pkg::uow::UnitOfWork& unit, const domain::BasketId& id, pkg::clock::TimePoint touched_at) = 0;
  /// It is not open any more.
  virtual void remove(pkg::uow::UnitOfWork& unit, const domain::BasketId& id) = 0;
  /// At most `limit` baskets listed with `time` or an earlier one, the earliest first: all that nobody touched since, and some that
  /// somebody did. Fails with `unavailable`.
  virtual pkg::errors::Result<std::vector<domain::BasketId>> perhaps_untouched_since(pkg::uow::UnitOfWork& unit, pkg::clock::TimePoint time,
                                                                                     int limit) = 0;
};

/// Tells the other services what happened; leaves with the commit of the unit of work.
class BasketNews {
 public:
  virtual ~BasketNews() = default;
  /// `after` is the basket after all the events; its version is that of the last of them.
  virtual void tell(pkg::uow::UnitOfWork& unit, const domain::BasketId& id, const pkg::es::Loaded<domain::Basket>& after,
                    std::span<const domain::BasketEvent> events) = 0;
};

/// A fact about a store or a product, and the version of that aggregate after which it held. Facts may come in any order: an
/// older one never replaces a newer one of the same sort.
struct StoreFact {
  domain::StoreId store;
  std::optional<std::string> name;
  std::optional<bool> participating;
  pkg::es::Version version = 0;
};
struct ProductFact {
  domain::ProductId product;
  std::optional<domain::StoreId> store;
  std::optional<std::string> name;
  std::optional<pkg::money::Money> price;
  bool removed = false;
  pkg::es::Version version = 0;
};

/// What stores offer, as events and answers have told so far.
class OfferCache {
 public:
  virtual ~OfferCache() = default;
  virtual void learn(pkg::uow::UnitOfWork& unit, const StoreFact& fact) = 0;
  virtual void learn(pkg::uow::UnitOfWork& unit, const ProductFact& fact) = 0;
  /// The offers that are fully known, those of products that are no longer sold included. Fails with `unavailable`.
  virtual pkg::errors::Result<std::vector<domain::Offer>> find(pkg::uow::UnitOfWork& unit, std::span<const domain::ProductId> products) = 0;
  /// As it was found a moment ago, where that is remembered: not for what must hold, which whoever checks out finds again.
  virtual std::optional<domain::Offer> recall(const domain::ProductId& product) = 0;
};

/// The stores service itself, for what no event has told yet. Never called inside a unit of work.
class Catalog {
 public:
  struct Entry {
    ProductFact product;
    StoreFact store;
  };
  virtual ~Catalog() = default;
  /// Nothing where stores has no such product. Fails with `unavailable`.
  virtual pkg::errors::Result<std::optional<Entry>> look_up(const pkg::uow::Cause& cause, const domain::ProductId& product) = 0;
};

}  // namespace baskets::app
