#pragma once
// What the use cases of depot need from outside. Adapters: adapters/pg, adapters/grpc, ports/handlers; fakes: tests/fakes.hpp.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "depot/internal/domain/bot.hpp"
#include "depot/internal/domain/shopping_list.hpp"
#include "pkg/errors/error.hpp"
#include "pkg/paging/paging.hpp"
#include "pkg/uow/unit_of_work.hpp"

namespace depot::app {

/// Which lists are asked for; what is not given does not matter.
struct ListFilter {
  std::optional<domain::OrderId> order;
  std::optional<domain::ShoppingListStatus> status;
};

/// All reads fail with `unavailable`, or `internal` where a row cannot be read.
class ShoppingListStore {
 public:
  virtual ~ShoppingListStore() = default;
  /// With status none where there is no such list.
  virtual pkg::errors::Result<domain::ShoppingList> load(pkg::uow::UnitOfWork& unit, const domain::ShoppingListId& id) = 0;
  virtual pkg::errors::Result<domain::ShoppingList> load_of(pkg::uow::UnitOfWork& unit, const domain::OrderId& order) = 0;
  /// The list of an order as this process wrote it last, where that is known; others may have changed it since. For whoever saves what
  /// follows from it.
  virtual std::optional<domain::ShoppingList> remembered_of(pkg::uow::UnitOfWork& unit, const domain::OrderId& order) = 0;
  /// The same for whoever makes one: none where this process has made none and no such save has failed.
  virtual std::optional<domain::ShoppingList> assumed_of(pkg::uow::UnitOfWork& unit, const domain::OrderId& order) = 0;
  /// Stores the state as the version after its own. The unit fails with `contended` where another one was faster, or has made a list for
  /// the same order.
  virtual void save(pkg::uow::UnitOfWork& unit, const domain::ShoppingList& list) = 0;
  /// Newest first. Fails with `malformed` as well, where the cursor is not its own.
  virtual pkg::errors::Result<pkg::paging::Slice<domain::ShoppingList>> list(pkg::uow::UnitOfWork& unit, const ListFilter& filter,
                                                                             const pkg::paging::Page& page) = 0;
  static constexpr std::size_t cursor_parts = 2;

  /// At most `limit` available lists, the oldest first. No other unit gets them here until this one ends; it passes over those that
  /// another one has, and does not wait.
  virtual pkg::errors::Result<std::vector<domain::ShoppingList>> take_available(pkg::uow::UnitOfWork& unit, int limit) = 0;
  /// The same of assigned lists that are due at `now`, the longest due first.
  virtual pkg::errors::Result<std::vector<domain::ShoppingList>> take_due(pkg::uow::UnitOfWork& unit, pkg::clock::TimePoint now,
                                                                          int limit) = 0;
  /// When the next assigned list is due; nothing where none is assigned.
  virtual pkg::errors::Result<std::optional<pkg::clock::TimePoint>> next_due(pkg::uow::UnitOfWork& unit) = 0;
};

/// All reads fail as those of ShoppingListStore do.
class BotStore {
 public:
  virtual ~BotStore() = default;
  /// Those of these bots that there are, in no order.
  virtual pkg::errors::Result<std::vector<domain::Bot>> load(pkg::uow::UnitOfWork& unit, std::span<const domain::BotId> ids) = 0;
  virtual pkg::errors::Result<bool> is_name_taken(pkg::uow::UnitOfWork& unit, std::string_view name) = 0;
  /// Stores the state as the version after its own. The unit fails with `contended` where another one was faster, or has registered a bot
  /// of the same name.
  virtual void save(pkg::uow::UnitOfWork& unit, const domain::Bot& bot) = 0;
  /// In the order of their registration. Fails with `malformed` as well, where the cursor is not its own.
  virtual pkg::errors::Result<pkg::paging::Slice<domain::Bot>> list(pkg::uow::UnitOfWork& unit, const pkg::paging::Page& page) = 0;
  static constexpr std::size_t cursor_parts = 2;

  /// At most `limit` idle bots, taken as ShoppingListStore::take_available takes lists.
  virtual pkg::errors::Result<std::vector<domain::Bot>> take_idle(pkg::uow::UnitOfWork& unit, int limit) = 0;
};

/// Tells the other services what happened; leaves with the commit of the unit of work.
class ShoppingListNews {
 public:
  virtual ~ShoppingListNews() = default;
  /// `after` is the list as it is stored, with its new version.
  virtual void tell(pkg::uow::UnitOfWork& unit, const domain::ShoppingList& after, std::span<const domain::ShoppingListEvent> events) = 0;
};

/// The place where bots and lists meet: whoever makes something possible there says so.
class Floor {
 public:
  virtual ~Floor() = default;
  /// Once the unit has committed, the floor is looked at (Application::work_floor). May be called several times in one unit.
  virtual void wake(pkg::uow::UnitOfWork& unit) = 0;
};

/// A fact about a store, and the version of it after which it held. Facts may come in any order: an older name never replaces a newer
/// one. A store does not move.
struct StoreFact {
  domain::StoreId store;
  std::optional<std::string> name;
  std::optional<std::string> location;
  std::uint64_t version = 0;
};

/// What stores are called and where they are, as events and answers have told so far.
class StoreCache {
 public:
  virtual ~StoreCache() = default;
  virtual void learn(pkg::uow::UnitOfWork& unit, const StoreFact& fact) = 0;
  /// Those that are fully known, in no order. Fails with `unavailable`.
  virtual pkg::errors::Result<std::vector<domain::KnownStore>> find(pkg::uow::UnitOfWork& unit,
                                                                    std::span<const domain::StoreId> stores) = 0;
};

/// The stores service itself, for what no event has told yet. Never called inside a unit of work.
class StoreDirectory {
 public:
  virtual ~StoreDirectory() = default;
  /// Nothing where there is no such store. Fails with `unavailable`.
  virtual pkg::errors::Result<std::optional<StoreFact>> look_up(const pkg::uow::Cause& cause, const domain::StoreId& store) = 0;
};

}  // namespace depot::app
