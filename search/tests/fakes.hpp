#pragma once
// The ports of search in memory. MemoryOrderHistory passes the same contract suite as the one on PostgreSQL (port_contracts.hpp). Full text
// search is not imitated: RecordedProductIndex only keeps what it is told and asked.

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "pkg/uow/memory_transactor.hpp"
#include "search/internal/app/ports.hpp"

namespace search::tests {

inline pkg::uow::MemoryUnitOfWork& memory(pkg::uow::UnitOfWork& unit) { return dynamic_cast<pkg::uow::MemoryUnitOfWork&>(unit); }

class MemoryOrderHistory final : public app::OrderHistory {
 public:
  void learn(pkg::uow::UnitOfWork& unit, const app::UserFact& fact) override {
    memory(unit).at_commit({}, [this, fact] { usernames_.emplace(fact.user, fact.username); });
  }
  void learn(pkg::uow::UnitOfWork& unit, const app::OrderFact& fact) override {
    memory(unit).at_commit({}, [this, fact] {
      auto [at, is_new] = orders_.emplace(fact.order, fact);
      auto& known = at->second;
      if (!known.contents) known.contents = fact.contents;
      if (is_new || fact.version <= known.version) return;
      known.status = fact.status;
      known.version = fact.version;
    });
  }
  pkg::errors::Result<std::optional<app::FoundOrder>> find(pkg::uow::UnitOfWork& unit, const domain::OrderId& order) override {
    return memory(unit).read([&] {
      const auto known = orders_.find(order);
      if (known == orders_.end() || !known->second.contents) return std::optional<app::FoundOrder>{};
      return std::optional(shown(known->second));
    });
  }
  pkg::errors::Result<pkg::paging::Slice<app::FoundOrder>> list(pkg::uow::UnitOfWork& unit, const app::OrderQuery& query) override {
    std::optional<pkg::paging::TimeAndId> last;
    if (!query.page.after.empty()) {
      const auto position = pkg::paging::read_time_and_id(query.page.after);
      if (!position) return pkg::errors::pass_on(position);
      last = *position;
    }
    return memory(unit).read([&] {
      std::vector<app::FoundOrder> found;
      for (const auto& [id, known] : orders_) {
        if (!known.contents || !is_wanted(known, query)) continue;
        if (last && std::pair(known.contents->created_at, id.value()) >= std::pair(last->time, last->id)) continue;
        found.push_back(shown(known));
      }
      std::ranges::sort(found, std::greater{}, [](const app::FoundOrder& order) { return std::pair(order.created_at, order.id); });
      if (found.size() > static_cast<std::size_t>(query.page.size) + 1) found.resize(static_cast<std::size_t>(query.page.size) + 1);
      return pkg::paging::cut(std::move(found), query.page.size,
                              [](const app::FoundOrder& order) { return pkg::paging::time_and_id(order.created_at, order.id.value()); });
    });
  }

 private:
  template <class Ids, class Get>
  static bool has_any(const app::OrderFact& order, const Ids& ids, Get get) {
    return ids.empty() ||
           std::ranges::any_of(order.contents->items, [&](const auto& item) { return std::ranges::find(ids, get(item)) != ids.end(); });
  }
  static bool is_wanted(const app::OrderFact& order, const app::OrderQuery& query) {
    const auto& contents = *order.contents;
    const auto total = contents.total.minor_units();
    return contents.user == query.user && (!query.after || contents.created_at >= *query.after) &&
           (!query.before || contents.created_at < *query.before) && (!query.min_total || total >= *query.min_total) &&
           (!query.max_total || total <= *query.max_total) && (!query.status || order.status == *query.status) &&
           has_any(order, query.stores, [](const app::OrderedItem& item) { return item.store; }) &&
           has_any(order, query.products, [](const app::OrderedItem& item) { return item.product; });
  }
  app::FoundOrder shown(const app::OrderFact& order) const {
    const auto& contents = *order.contents;
    const auto name = usernames_.find(contents.user);
    return {order.order,    contents.user,      name == usernames_.end() ? "" : name->second, order.status, contents.items,
            contents.total, contents.created_at};
  }

  std::map<domain::UserId, std::string> usernames_;
  std::map<domain::OrderId, app::OrderFact> orders_;
};

class RecordedProductIndex final : public app::ProductIndex {
 public:
  void learn(pkg::uow::UnitOfWork& unit, const app::StoreFact& fact) override {
    memory(unit).at_commit({}, [this, fact] { stores.push_back(fact); });
  }
  void learn(pkg::uow::UnitOfWork& unit, const app::ProductFact& fact) override {
    memory(unit).at_commit({}, [this, fact] { products.push_back(fact); });
  }
  pkg::errors::Result<pkg::paging::Slice<app::FoundProduct>> find(pkg::uow::UnitOfWork&, const app::ProductQuery& query) override {
    asked.push_back(query);
    return pkg::paging::Slice<app::FoundProduct>{};
  }
  std::vector<app::StoreFact> stores;
  std::vector<app::ProductFact> products;
  std::vector<app::ProductQuery> asked;
};

}  // namespace search::tests
