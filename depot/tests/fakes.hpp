#pragma once
// The ports of depot in memory. The stores pass the same contract suite as the PostgreSQL ones (port_contracts.hpp).

#include <algorithm>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "depot/internal/app/ports.hpp"
#include "pkg/uow/memory_transactor.hpp"

namespace depot::tests {

inline pkg::uow::MemoryUnitOfWork& memory(pkg::uow::UnitOfWork& unit) { return dynamic_cast<pkg::uow::MemoryUnitOfWork&>(unit); }

inline std::unexpected<pkg::errors::Error> contended() {
  return pkg::errors::fail(pkg::errors::ErrorKind::contended, "contended", "Somebody else was faster.");
}

/// Rows by id with versions: committed ones, and over them the unit's own writes.
template <class Row, class Id>
class MemoryRows {
 public:
  /// `clashes(a, b)`: two different rows that cannot be there together.
  explicit MemoryRows(bool (*clashes)(const Row&, const Row&)) : clashes_(clashes) {}

  void save(pkg::uow::UnitOfWork& unit, Row row) {
    const auto expected = row.version++;
    auto& own = memory(unit).template notes_of<std::map<Id, Row>>(this);
    const bool is_first = own.insert_or_assign(row.id, row).second;
    const auto check = [this, row, expected]() -> pkg::errors::Result<> {
      const auto found = rows_.find(row.id);
      if ((found == rows_.end() ? 0 : found->second.version) != expected) return contended();
      for (const auto& [id, other] : rows_) {
        if (id != row.id && clashes_(row, other)) return contended();
      }
      return {};
    };
    // All checks run before all changes, so only a row's first save of a unit can be held against what is committed.
    memory(unit).at_commit(is_first ? pkg::uow::MemoryUnitOfWork::Check(check) : pkg::uow::MemoryUnitOfWork::Check{},
                           [this, row] { rows_[row.id] = row; });
  }

  std::vector<Row> all(pkg::uow::UnitOfWork& unit) {
    auto rows = memory(unit).read([&] { return rows_; });
    for (const auto& [id, row] : memory(unit).template notes_of<std::map<Id, Row>>(this)) rows[id] = row;
    std::vector<Row> found;
    for (auto& [id, row] : rows) found.push_back(std::move(row));
    return found;
  }

 private:
  bool (*clashes_)(const Row&, const Row&);
  std::map<Id, Row> rows_;
};

template <class Row, class Keep>
std::vector<Row> keep_if(std::vector<Row> rows, Keep keep) {
  std::erase_if(rows, [&](const Row& row) { return !keep(row); });
  return rows;
}

template <class Row>
std::vector<Row> first(std::vector<Row> rows, int limit) {
  if (rows.size() > static_cast<std::size_t>(limit)) rows.resize(static_cast<std::size_t>(limit));
  return rows;
}

class MemoryShoppingLists final : public app::ShoppingListStore {
 public:
  using List = domain::ShoppingList;
  using Status = domain::ShoppingListStatus;

  pkg::errors::Result<List> load(pkg::uow::UnitOfWork& unit, const domain::ShoppingListId& id) override {
    return one(keep_if(rows_.all(unit), [&](const List& list) { return list.id == id; }));
  }
  pkg::errors::Result<List> load_of(pkg::uow::UnitOfWork& unit, const domain::OrderId& order) override {
    return one(keep_if(rows_.all(unit), [&](const List& list) { return list.order == order; }));
  }
  std::optional<List> remembered_of(pkg::uow::UnitOfWork& /*unit*/, const domain::OrderId& order) override {
    return known && known->order == order ? known : std::nullopt;
  }
  std::optional<List> assumed_of(pkg::uow::UnitOfWork& unit, const domain::OrderId& order) override { return remembered_of(unit, order); }
  void save(pkg::uow::UnitOfWork& unit, const List& list) override { rows_.save(unit, list); }
  pkg::errors::Result<pkg::paging::Slice<List>> list(pkg::uow::UnitOfWork& unit, const app::ListFilter& filter,
                                                     const pkg::paging::Page& page) override {
    std::optional<pkg::paging::TimeAndId> after;
    if (!page.after.empty()) {
      const auto position = pkg::paging::read_time_and_id(page.after);
      if (!position) return pkg::errors::pass_on(position);
      after = *position;
    }
    auto lists = keep_if(rows_.all(unit), [&](const List& list) {
      return (!filter.order || list.order == *filter.order) && (!filter.status || list.status == *filter.status) &&
             (!after || std::pair(list.created_at, list.id.value()) < std::pair(after->time, after->id));
    });
    std::ranges::sort(lists, std::greater{}, [](const List& list) { return std::pair(list.created_at, list.id); });
    return pkg::paging::cut(first(std::move(lists), page.size + 1), page.size,
                            [](const List& list) { return pkg::paging::time_and_id(list.created_at, list.id.value()); });
  }
  pkg::errors::Result<std::vector<List>> take_available(pkg::uow::UnitOfWork& unit, int limit) override {
    auto lists = keep_if(rows_.all(unit), [](const List& list) { return list.status == Status::available; });
    std::ranges::sort(lists, {}, [](const List& list) { return std::pair(list.created_at, list.id); });
    return first(std::move(lists), limit);
  }
  pkg::errors::Result<std::vector<List>> take_due(pkg::uow::UnitOfWork& unit, pkg::clock::TimePoint now, int limit) override {
    auto lists = keep_if(rows_.all(unit), [&](const List& list) { return list.status == Status::assigned && *list.due_at <= now; });
    std::ranges::sort(lists, {}, [](const List& list) { return std::pair(*list.due_at, list.id); });
    return first(std::move(lists), limit);
  }
  pkg::errors::Result<std::optional<pkg::clock::TimePoint>> next_due(pkg::uow::UnitOfWork& unit) override {
    std::optional<pkg::clock::TimePoint> next;
    for (const auto& list : rows_.all(unit)) {
      if (list.status == Status::assigned && (!next || *list.due_at < *next)) next = *list.due_at;
    }
    return next;
  }

  std::optional<List> known;  ///< what is remembered

 private:
  static List one(std::vector<List> lists) { return lists.empty() ? List{} : std::move(lists.front()); }
  MemoryRows<List, domain::ShoppingListId> rows_{[](const List& a, const List& b) { return a.order == b.order; }};
};

class MemoryBots final : public app::BotStore {
 public:
  using Bot = domain::Bot;

  pkg::errors::Result<std::vector<Bot>> load(pkg::uow::UnitOfWork& unit, std::span<const domain::BotId> ids) override {
    return keep_if(rows_.all(unit), [&](const Bot& bot) { return std::ranges::find(ids, bot.id) != ids.end(); });
  }
  pkg::errors::Result<bool> is_name_taken(pkg::uow::UnitOfWork& unit, std::string_view name) override {
    return !keep_if(rows_.all(unit), [&](const Bot& bot) { return bot.name == name; }).empty();
  }
  void save(pkg::uow::UnitOfWork& unit, const Bot& bot) override { rows_.save(unit, bot); }
  pkg::errors::Result<pkg::paging::Slice<Bot>> list(pkg::uow::UnitOfWork& unit, const pkg::paging::Page& page) override {
    std::optional<pkg::paging::TimeAndId> after;
    if (!page.after.empty()) {
      const auto position = pkg::paging::read_time_and_id(page.after);
      if (!position) return pkg::errors::pass_on(position);
      after = *position;
    }
    auto bots = keep_if(rows_.all(unit), [&](const Bot& bot) {
      return !after || std::pair(bot.registered_at, bot.id.value()) > std::pair(after->time, after->id);
    });
    std::ranges::sort(bots, {}, [](const Bot& bot) { return std::pair(bot.registered_at, bot.id); });
    return pkg::paging::cut(first(std::move(bots), page.size + 1), page.size,
                            [](const Bot& bot) { return pkg::paging::time_and_id(bot.registered_at, bot.id.value()); });
  }
  pkg::errors::Result<std::vector<Bot>> take_idle(pkg::uow::UnitOfWork& unit, int limit) override {
    return first(keep_if(rows_.all(unit), [](const Bot& bot) { return bot.status == domain::BotStatus::idle; }), limit);
  }

 private:
  MemoryRows<Bot, domain::BotId> rows_{[](const Bot& a, const Bot& b) { return a.name == b.name; }};
};

class MemoryStoreCache final : public app::StoreCache {
 public:
  void learn(pkg::uow::UnitOfWork& unit, const app::StoreFact& fact) override {
    memory(unit).at_commit({}, [this, fact] {
      auto& store = stores_[fact.store];
      if (fact.name && fact.version > store.name_version) {
        store.name = *fact.name;
        store.name_version = fact.version;
      }
      if (fact.location) store.location = fact.location;
    });
  }
  pkg::errors::Result<std::vector<domain::KnownStore>> find(pkg::uow::UnitOfWork& unit, std::span<const domain::StoreId> stores) override {
    return memory(unit).read([&] {
      std::vector<domain::KnownStore> found;
      for (const auto& [id, store] : stores_) {
        if (std::ranges::find(stores, id) != stores.end() && store.name_version > 0 && store.location) {
          found.push_back({id, store.name, *store.location});
        }
      }
      return found;
    });
  }

 private:
  struct Known {
    std::string name;
    std::uint64_t name_version = 0;
    std::optional<std::string> location;
  };
  std::map<domain::StoreId, Known> stores_;
};

/// Keeps what was told, in order, once it is committed.
class RecordedNews final : public app::ShoppingListNews {
 public:
  struct Item {
    domain::ShoppingList list;
    domain::ShoppingListEvent event;
  };
  void tell(pkg::uow::UnitOfWork& unit, const domain::ShoppingList& after, std::span<const domain::ShoppingListEvent> events) override {
    for (const auto& event : events) memory(unit).at_commit({}, [this, item = Item{after, event}] { told.push_back(item); });
  }
  std::vector<Item> told;
};

/// Counts how often it was woken.
class CountingFloor final : public app::Floor {
 public:
  void wake(pkg::uow::UnitOfWork& unit) override {
    memory(unit).after_commit([this] { ++woken; });
  }
  int woken = 0;
};

/// The stores service, as far as depot asks it.
class FakeDirectory final : public app::StoreDirectory {
 public:
  pkg::errors::Result<std::optional<app::StoreFact>> look_up(const pkg::uow::Cause&, const domain::StoreId& store) override {
    ++asked;
    if (is_away) return pkg::errors::fail(pkg::errors::ErrorKind::unavailable, "unavailable", "stores is away.");
    const auto fact = facts.find(store);
    return fact == facts.end() ? std::optional<app::StoreFact>{} : std::optional(fact->second);
  }
  std::map<domain::StoreId, app::StoreFact> facts;
  bool is_away = false;
  int asked = 0;
};

}  // namespace depot::tests
