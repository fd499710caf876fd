#pragma once
// The ports of stores in memory. MemoryMall, MemoryCatalog and MemoryStockRoom pass the same contract suite as the PostgreSQL ones
// (port_contracts.hpp).

#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "pkg/uow/memory_transactor.hpp"
#include "stores/internal/app/id_cursor.hpp"
#include "stores/internal/app/ports.hpp"

namespace stores::tests {

inline pkg::uow::MemoryUnitOfWork& memory(pkg::uow::UnitOfWork& unit) { return dynamic_cast<pkg::uow::MemoryUnitOfWork&>(unit); }

/// A page of those views, in the order of their ids, that `is_wanted`.
template <class View, class Views, class Wanted>
pkg::errors::Result<pkg::paging::Slice<View>> page_of(const Views& views, const pkg::paging::Page& page, Wanted is_wanted) {
  const auto after = app::read_id_cursor(page.after);
  if (!after) return pkg::errors::pass_on(after);
  std::vector<View> found;
  for (const auto& [id, view] : views) {
    const bool fits = static_cast<int>(found.size()) <= page.size;
    if (fits && id.value() > *after && is_wanted(view)) found.push_back(view);
  }
  return pkg::paging::cut(std::move(found), page.size, [](const View& view) { return app::id_cursor(view.id.value()); });
}

class MemoryMall final : public app::Mall {
 public:
  void note(pkg::uow::UnitOfWork& unit, const domain::StoreId& id, const pkg::es::Loaded<domain::Store>& after) override {
    const auto& s = after.state;
    memory(unit).at_commit(
        {}, [this, view = app::StoreView{id, s.owner, s.name, s.location, s.participating, after.version}] { stores_[view.id] = view; });
  }
  pkg::errors::Result<std::optional<app::StoreView>> find(pkg::uow::UnitOfWork& unit, const domain::StoreId& id) override {
    return memory(unit).read([&] {
      const auto store = stores_.find(id);
      return store == stores_.end() ? std::optional<app::StoreView>{} : std::optional(store->second);
    });
  }
  pkg::errors::Result<pkg::paging::Slice<app::StoreView>> list(pkg::uow::UnitOfWork& unit, std::optional<bool> participating,
                                                               const pkg::paging::Page& page) override {
    return memory(unit).read([&] {
      return page_of<app::StoreView>(stores_, page,
                                     [&](const app::StoreView& store) { return !participating || store.participating == *participating; });
    });
  }

 private:
  std::map<domain::StoreId, app::StoreView> stores_;
};

/// Units that look are not made to wait, as the port says, but run again where another was faster.
class MemoryStockRoom final : public app::StockRoom {
 public:
  struct Product {
    std::string name;
    bool on_sale = true;
  };

  void open(pkg::uow::UnitOfWork& unit, const domain::ProductId& product, const domain::Stock& stock) override {
    memory(unit).at_commit({}, [this, product, stock] { committed_.stock.emplace(product, stock); });
  }
  pkg::errors::Result<app::StockFacts> look(pkg::uow::UnitOfWork& unit, const domain::OrderId& order,
                                            std::span<const domain::ProductId> products) override {
    auto& mine = look_in(unit);
    app::StockFacts facts{mine.reservations[order], {}};
    std::vector<domain::ProductId> concerned(products.begin(), products.end());
    for (const auto& line : facts.reservation.lines) concerned.push_back(line.product);
    for (const auto& [id, product] : memory(unit).read([this] { return products_; })) {
      const auto stock = mine.stock.find(id);
      if (std::ranges::find(concerned, id) == concerned.end() || stock == mine.stock.end()) continue;
      facts.shelves.push_back({id, product.name, product.on_sale, stock->second});
    }
    return facts;
  }
  pkg::errors::Result<> look_ahead(pkg::uow::UnitOfWork& unit, std::span<const app::StockWanted>) override {
    look_in(unit);
    return {};
  }
  pkg::errors::Result<std::optional<domain::Stock>> look(pkg::uow::UnitOfWork& unit, const domain::ProductId& product) override {
    auto& mine = look_in(unit);
    const auto stock = mine.stock.find(product);
    return stock == mine.stock.end() ? std::optional<domain::Stock>{} : std::optional(stock->second);
  }
  void save(pkg::uow::UnitOfWork& unit, const domain::OrderId& order, const domain::StockChange& change) override {
    auto& mine = look_in(unit);
    mine.reservations[order] = change.reservation;
    for (const auto& level : change.levels) mine.stock[level.product] = level.stock;
    write(unit, mine);
  }
  void save(pkg::uow::UnitOfWork& unit, const domain::ProductId& product, const domain::Stock& stock) override {
    auto& mine = look_in(unit);
    mine.stock[product] = stock;
    write(unit, mine);
  }

  // For MemoryCatalog, at a commit or in a read.
  void name(const domain::ProductId& product, Product as) { products_[product] = std::move(as); }
  domain::Stock stock_of(const domain::ProductId& product) { return committed_.stock[product]; }

 private:
  struct Content {
    std::map<domain::ProductId, domain::Stock> stock;
    std::map<domain::OrderId, domain::Reservation> reservations;
    int changes = 0;
  };
  struct Copy {
    bool is_taken = false;
    Content content;
  };

  Content& look_in(pkg::uow::UnitOfWork& unit) {
    auto& copy = memory(unit).notes_of<Copy>(this);
    if (!copy.is_taken) copy = {true, memory(unit).read([this] { return committed_; })};
    return copy.content;
  }
  void write(pkg::uow::UnitOfWork& unit, const Content& mine) {
    const auto check = [this, base = mine.changes]() -> pkg::errors::Result<> {
      if (committed_.changes == base) return {};
      return pkg::errors::fail(pkg::errors::ErrorKind::contended, "contended", "Somebody else was faster.");
    };
    memory(unit).at_commit(check, [this, mine] {
      const int next = mine.changes + 1;
      committed_ = mine;
      committed_.changes = next;
    });
  }

  Content committed_;
  std::map<domain::ProductId, Product> products_;
};

class MemoryCatalog final : public app::Catalog {
 public:
  /// The room outlives the catalog.
  explicit MemoryCatalog(MemoryStockRoom& room) : room_(room) {}

  void note(pkg::uow::UnitOfWork& unit, const domain::ProductId& id, const pkg::es::Loaded<domain::Product>& after) override {
    const auto& p = after.state;
    const bool on_sale = p.status == domain::ProductStatus::on_sale;
    const app::ProductView view{id, p.store, p.name, p.description, p.sku, p.price, after.version, {}};
    const auto check = [this, view, on_sale]() -> pkg::errors::Result<> {
      for (const auto& [other_id, other] : products_) {
        const bool same_sku = other.store == view.store && other.sku == view.sku;
        if (on_sale && same_sku && other_id != view.id) return std::unexpected(domain::to_error(domain::sku_taken()));
      }
      return {};
    };
    memory(unit).at_commit(check, [this, view, on_sale] {
      room_.name(view.id, {view.name, on_sale});
      if (on_sale) {
        products_[view.id] = view;
      } else {
        products_.erase(view.id);
      }
    });
  }
  pkg::errors::Result<std::optional<app::ProductView>> find(pkg::uow::UnitOfWork& unit, const domain::ProductId& id) override {
    return memory(unit).read([&] {
      const auto found = products_.find(id);
      if (found == products_.end()) return std::optional<app::ProductView>{};
      auto view = found->second;
      view.stock = room_.stock_of(id);
      return std::optional(view);
    });
  }
  pkg::errors::Result<pkg::paging::Slice<app::ProductView>> of_store(pkg::uow::UnitOfWork& unit, const domain::StoreId& store,
                                                                     const pkg::paging::Page& page) override {
    return memory(unit).read([&] {
      auto slice = page_of<app::ProductView>(products_, page, [&](const app::ProductView& product) { return product.store == store; });
      if (slice) {
        for (auto& product : slice->items) product.stock = room_.stock_of(product.id);
      }
      return slice;
    });
  }

 private:
  MemoryStockRoom& room_;
  std::map<domain::ProductId, app::ProductView> products_;
};

/// Keeps what was told, in order, once it is committed.
template <class News, class A>
class Recorded final : public News {
 public:
  struct Item {
    typename A::Id id;
    pkg::es::Version version;
    typename A::Event event;
  };
  void tell(pkg::uow::UnitOfWork& unit, const typename A::Id& id, const pkg::es::Loaded<A>& after,
            std::span<const typename A::Event> events) override {
    auto version = after.version - events.size();
    for (const auto& event : events) memory(unit).at_commit({}, [this, item = Item{id, ++version, event}] { told.push_back(item); });
  }
  std::vector<Item> told;
};
using RecordedStoreNews = Recorded<app::StoreNews, domain::Store>;
using RecordedProductNews = Recorded<app::ProductNews, domain::Product>;

}  // namespace stores::tests
