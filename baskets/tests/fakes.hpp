#pragma once
// The ports of baskets in memory. MemoryOfferCache and MemoryOpenBaskets pass the same contract suite as the PostgreSQL ones
// (port_contracts.hpp).

#include <algorithm>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "baskets/internal/app/ports.hpp"
#include "pkg/uow/memory_transactor.hpp"

namespace baskets::tests {

inline pkg::uow::MemoryUnitOfWork& memory(pkg::uow::UnitOfWork& unit) { return dynamic_cast<pkg::uow::MemoryUnitOfWork&>(unit); }

/// A value with the version after which it held; the newest wins.
template <class T>
struct Newest {
  std::optional<T> value;
  pkg::es::Version version = 0;

  void learn(const std::optional<T>& told, pkg::es::Version at) {
    if (!told || at <= version) return;
    value = told;
    version = at;
  }
};

class MemoryOfferCache final : public app::OfferCache {
 public:
  void learn(pkg::uow::UnitOfWork& unit, const app::StoreFact& fact) override {
    memory(unit).at_commit({}, [this, fact] {
      auto& store = stores_[fact.store];
      store.name.learn(fact.name, fact.version);
      store.participating.learn(fact.participating, fact.version);
    });
  }
  void learn(pkg::uow::UnitOfWork& unit, const app::ProductFact& fact) override {
    memory(unit).at_commit({}, [this, fact] {
      auto& product = products_[fact.product];
      if (!product.store) product.store = fact.store;
      product.name.learn(fact.name, fact.version);
      product.price.learn(fact.price, fact.version);
      product.removed = product.removed || fact.removed;
    });
  }
  pkg::errors::Result<std::vector<domain::Offer>> find(pkg::uow::UnitOfWork& unit, std::span<const domain::ProductId> products) override {
    return memory(unit).read([&] {
      std::vector<domain::Offer> offers;
      for (const auto& [id, product] : products_) {
        if (std::ranges::find(products, id) == products.end() || !product.store) continue;
        const auto store = stores_.find(*product.store);
        if (store == stores_.end() || !store->second.name.value || !store->second.participating.value) continue;
        if (!product.name.value || !product.price.value) continue;
        offers.push_back({id, *product.store, *product.name.value, *store->second.name.value, *product.price.value, !product.removed,
                          *store->second.participating.value});
      }
      return offers;
    });
  }
  std::optional<domain::Offer> recall(const domain::ProductId& product) override {
    return known && known->product == product ? known : std::nullopt;
  }

  std::optional<domain::Offer> known;  ///< what is remembered

 private:
  struct KnownStore {
    Newest<std::string> name;
    Newest<bool> participating;
  };
  struct KnownProduct {
    std::optional<domain::StoreId> store;
    Newest<std::string> name;
    Newest<pkg::money::Money> price;
    bool removed = false;
  };
  std::map<domain::StoreId, KnownStore> stores_;
  std::map<domain::ProductId, KnownProduct> products_;
};

class MemoryOpenBaskets final : public app::OpenBaskets {
 public:
  void add(pkg::uow::UnitOfWork& unit, const domain::BasketId& id, pkg::clock::TimePoint touched_at) override {
    memory(unit).at_commit({}, [this, id, touched_at] { touched_[id] = touched_at; });
  }
  void move(pkg::uow::UnitOfWork& unit, const domain::BasketId& id, pkg::clock::TimePoint touched_at) override {
    memory(unit).at_commit({}, [this, id, touched_at] {
      if (const auto found = touched_.find(id); found != touched_.end()) found->second = touched_at;
    });
  }
  void remove(pkg::uow::UnitOfWork& unit, const domain::BasketId& id) override {
    memory(unit).at_commit({}, [this, id] { touched_.erase(id); });
  }
  pkg::errors::Result<std::vector<domain::BasketId>> perhaps_untouched_since(pkg::uow::UnitOfWork& unit, pkg::clock::TimePoint time,
                                                                             int limit) override {
    return memory(unit).read([&] {
      std::vector<std::pair<pkg::clock::TimePoint, domain::BasketId>> found;
      for (const auto& [id, at] : touched_) {
        if (at <= time) found.emplace_back(at, id);
      }
      std::ranges::sort(found);
      std::vector<domain::BasketId> baskets;
      for (const auto& [at, id] : found) {
        if (static_cast<int>(baskets.size()) < limit) baskets.push_back(id);
      }
      return baskets;
    });
  }

 private:
  std::map<domain::BasketId, pkg::clock::TimePoint> touched_;
};

/// Keeps what was told, in order, once it is committed.
class RecordedNews final : public app::BasketNews {
 public:
  struct Item {
    domain::BasketId basket;
    pkg::es::Version version;
    domain::BasketEvent event;
  };
  void tell(pkg::uow::UnitOfWork& unit, const domain::BasketId& id, const pkg::es::Loaded<domain::Basket>& after,
            std::span<const domain::BasketEvent> events) override {
    auto version = after.version - events.size();
    for (const auto& event : events) memory(unit).at_commit({}, [this, item = Item{id, ++version, event}] { told.push_back(item); });
  }
  std::vector<Item> told;
};

/// The stores service, as far as baskets asks it.
class FakeCatalog final : public app::Catalog {
 public:
  pkg::errors::Result<std::optional<Entry>> look_up(const pkg::uow::Cause&, const domain::ProductId& product) override {
    ++asked;
    if (is_away) return pkg::errors::fail(pkg::errors::ErrorKind::unavailable, "unavailable", "stores is away.");
    const auto entry = entries.find(product);
    return entry == entries.end() ? std::optional<Entry>{} : std::optional(entry->second);
  }
  std::map<domain::ProductId, Entry> entries;
  bool is_away = false;
  int asked = 0;
};

}  // namespace baskets::tests
