#pragma once
// The ports of ordering in memory. MemoryOrderBook passes the same contract suite as the PostgreSQL one (port_contracts.hpp).

#include <algorithm>
#include <functional>
#include <map>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

#include "ordering/internal/app/ports.hpp"
#include "pkg/uow/memory_transactor.hpp"

namespace ordering::tests {

inline pkg::uow::MemoryUnitOfWork& memory(pkg::uow::UnitOfWork& unit) { return dynamic_cast<pkg::uow::MemoryUnitOfWork&>(unit); }

/// One event's traces in a shown order.
struct ShowEvent {
  app::OrderView& view;
  pkg::es::Version version;

  void operator()(const domain::OrderCreated& e) const {
    view.user = e.user;
    view.payment = e.payment;
    view.items = e.items;
    view.total = e.total;
    view.created_at = e.at;
    step(domain::OrderStatus::pending, e.at, "");
  }
  void operator()(const domain::OrderApproved& e) const {
    view.shopping_list = e.shopping_list;
    step(domain::OrderStatus::approved, e.at, "");
  }
  void operator()(const domain::OrderRejected& e) const {
    view.rejection_code = e.code;
    step(domain::OrderStatus::rejected, e.at, e.reason);
  }
  void operator()(const domain::OrderCanceled& e) const { step(domain::OrderStatus::canceled, e.at, ""); }
  void operator()(const domain::OrderPickedEarly&) const { view.version = version; }
  void operator()(const domain::OrderListCanceledEarly&) const { view.version = version; }
  void operator()(const domain::OrderReadied& e) const { step(domain::OrderStatus::ready, e.at, ""); }
  void operator()(const domain::OrderCompleted& e) const {
    view.invoice = e.invoice;
    step(domain::OrderStatus::completed, e.at, "");
  }

  void step(domain::OrderStatus status, pkg::clock::TimePoint at, const std::string& detail) const {
    view.status = status;
    view.version = version;
    view.history.push_back({status, at, detail});
  }
};

class MemoryOrderBook final : public app::OrderBook {
 public:
  void note(pkg::uow::UnitOfWork& unit, const domain::OrderId& id, const pkg::es::Loaded<domain::Order>& after,
            std::span<const domain::OrderEvent> events) override {
    const auto before = after.version - events.size();
    write(unit, {}, [id, before, events = std::vector(events.begin(), events.end())](Rows& rows) {
      auto& view = rows[id];
      view.id = id;
      auto version = before;
      for (const auto& event : events) std::visit(ShowEvent{view, ++version}, event);
    });
  }
  void note_invoice(pkg::uow::UnitOfWork& unit, const domain::OrderId& id, const domain::InvoiceId& invoice) override {
    const bool known = rows_of(unit).contains(id);
    const auto check = [known]() -> pkg::errors::Result<> {
      if (!known) return std::unexpected(domain::to_error({domain::OrderRejection::no_such_order, "There is no such order."}));
      return {};
    };
    write(unit, check, [id, invoice](Rows& rows) { rows[id].invoice = invoice; });
  }
  pkg::errors::Result<std::optional<app::OrderView>> find(pkg::uow::UnitOfWork& unit, const domain::OrderId& id) override {
    const auto rows = rows_of(unit);
    const auto found = rows.find(id);
    return found == rows.end() ? std::optional<app::OrderView>{} : std::optional(found->second);
  }
  pkg::errors::Result<pkg::paging::Slice<app::OrderView>> of_user(pkg::uow::UnitOfWork& unit, const domain::UserId& user,
                                                                  const pkg::paging::Page& page) override {
    std::optional<std::pair<pkg::clock::TimePoint, pkg::ids::Uuid>> before;
    if (!page.after.empty()) {
      const auto position = pkg::paging::read_time_and_id(page.after);
      if (!position) return pkg::errors::pass_on(position);
      before.emplace(position->time, position->id);
    }
    const auto place = [](const app::OrderView& order) { return std::pair(order.created_at, order.id.value()); };
    std::vector<app::OrderView> orders;
    for (auto& [id, order] : rows_of(unit)) {
      if (order.user != user || (before && place(order) >= *before)) continue;
      orders.push_back(order);
      orders.back().history.clear();
    }
    std::ranges::sort(orders, std::greater{}, place);
    return pkg::paging::cut(std::move(orders), page.size,
                            [](const app::OrderView& order) { return pkg::paging::time_and_id(order.created_at, order.id.value()); });
  }

 private:
  using Rows = std::map<domain::OrderId, app::OrderView>;
  using Change = std::function<void(Rows&)>;

  /// What is committed, and what the unit wrote itself.
  Rows rows_of(pkg::uow::UnitOfWork& unit) {
    Rows rows = memory(unit).read([&] { return rows_; });
    for (const auto& change : memory(unit).notes_of<std::vector<Change>>(this)) change(rows);
    return rows;
  }
  void write(pkg::uow::UnitOfWork& unit, pkg::uow::MemoryUnitOfWork::Check check, const Change& change) {
    memory(unit).notes_of<std::vector<Change>>(this).push_back(change);
    memory(unit).at_commit(std::move(check), [this, change] { change(rows_); });
  }

  Rows rows_;
};

/// Keeps what was told, in order, once it is committed.
class RecordedNews final : public app::OrderNews {
 public:
  struct Item {
    domain::OrderId order;
    pkg::es::Version version;
    domain::OrderEvent event;
  };
  void tell(pkg::uow::UnitOfWork& unit, const domain::OrderId& id, const pkg::es::Loaded<domain::Order>& after,
            std::span<const domain::OrderEvent> events) override {
    auto version = after.version - events.size();
    for (const auto& event : events) memory(unit).at_commit({}, [this, item = Item{id, ++version, event}] { told.push_back(item); });
  }
  std::vector<Item> told;
};

}  // namespace ordering::tests
