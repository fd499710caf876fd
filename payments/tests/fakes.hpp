#pragma once
// The ports of payments in memory. They pass the same contract suites as the PostgreSQL ones (port_contracts.hpp).

#include <algorithm>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "payments/internal/app/payment_gateway.hpp"
#include "payments/internal/app/ports.hpp"
#include "pkg/uow/memory_transactor.hpp"

namespace payments::tests {

inline pkg::uow::MemoryUnitOfWork& memory(pkg::uow::UnitOfWork& unit) { return dynamic_cast<pkg::uow::MemoryUnitOfWork&>(unit); }

inline pkg::errors::Error contended() { return {pkg::errors::ErrorKind::contended, "contended", "Somebody else was faster.", {}}; }

/// Rows by id with optimistic versions; a unit sees what it wrote itself.
template <class T, class Id>
class MemoryTable {
 public:
  T load(pkg::uow::UnitOfWork& unit, const Id& id) {
    const auto& mine = memory(unit).template notes_of<std::map<Id, T>>(this);
    if (const auto found = mine.find(id); found != mine.end()) return found->second;
    return memory(unit).read([&] {
      const auto found = rows_.find(id);
      return found == rows_.end() ? T{} : found->second;
    });
  }
  void save(pkg::uow::UnitOfWork& unit, T row) {
    auto& mine = memory(unit).template notes_of<std::map<Id, T>>(this);
    const bool first = !mine.contains(row.id);
    const auto expected = row.version++;
    mine[row.id] = row;
    const auto check = [this, id = row.id, expected, first]() -> pkg::errors::Result<> {
      const auto found = rows_.find(id);
      const auto present = found == rows_.end() ? 0 : found->second.version;
      if (first && present != expected) return std::unexpected(contended());
      return {};
    };
    memory(unit).at_commit(check, [this, row] { rows_[row.id] = row; });
  }
  const std::map<Id, T>& rows() const { return rows_; }

 private:
  std::map<Id, T> rows_;
};

class MemoryPayments final : public app::PaymentStore {
 public:
  pkg::errors::Result<domain::Payment> load(pkg::uow::UnitOfWork& unit, const domain::PaymentId& id) override {
    return table_.load(unit, id);
  }
  std::optional<domain::Payment> remembered(pkg::uow::UnitOfWork& /*unit*/, const domain::PaymentId& id) override {
    return known && known->id == id ? known : std::nullopt;
  }
  void save(pkg::uow::UnitOfWork& unit, const domain::Payment& payment) override { table_.save(unit, payment); }
  pkg::errors::Result<std::vector<domain::PaymentId>> expired(pkg::uow::UnitOfWork& unit, pkg::clock::TimePoint now, int limit) override {
    return memory(unit).read([&] {
      std::vector<std::pair<pkg::clock::TimePoint, domain::PaymentId>> found;
      for (const auto& [id, payment] : table_.rows()) {
        if (payment.status == domain::PaymentStatus::authorized && payment.expires_at <= now) found.emplace_back(payment.expires_at, id);
      }
      std::ranges::sort(found);
      std::vector<domain::PaymentId> payments;
      for (const auto& [at, id] : found) {
        if (static_cast<int>(payments.size()) < limit) payments.push_back(id);
      }
      return payments;
    });
  }

  std::optional<domain::Payment> known;  ///< what is remembered

 private:
  MemoryTable<domain::Payment, domain::PaymentId> table_;
};

class MemoryInvoices final : public app::InvoiceStore {
 public:
  pkg::errors::Result<domain::Invoice> load(pkg::uow::UnitOfWork& unit, const domain::InvoiceId& id) override {
    return table_.load(unit, id);
  }
  std::optional<domain::Invoice> remembered(pkg::uow::UnitOfWork& /*unit*/, const domain::InvoiceId& id) override {
    return known && known->id == id ? known : std::nullopt;
  }
  void save(pkg::uow::UnitOfWork& unit, const domain::Invoice& invoice) override {
    table_.save(unit, invoice);
    const auto one_per_order = [this, id = invoice.id, order = invoice.order]() -> pkg::errors::Result<> {
      for (const auto& [other, row] : table_.rows()) {
        if (row.order == order && other != id) return std::unexpected(contended());
      }
      return {};
    };
    memory(unit).at_commit(one_per_order, [] {});
  }
  pkg::errors::Result<bool> exists_for(pkg::uow::UnitOfWork& unit, const domain::OrderId& order) override {
    return memory(unit).read(
        [&] { return std::ranges::any_of(table_.rows(), [&](const auto& row) { return row.second.order == order; }); });
  }
  pkg::errors::Result<pkg::paging::Slice<domain::Invoice>> list(pkg::uow::UnitOfWork& unit, const app::InvoiceFilter& filter,
                                                                const pkg::paging::Page& page) override {
    std::optional<std::pair<pkg::clock::TimePoint, domain::InvoiceId>> before;
    if (!page.after.empty()) {
      const auto position = pkg::paging::read_time_and_id(page.after);
      if (!position) return pkg::errors::pass_on(position);
      before.emplace(position->time, domain::InvoiceId{position->id});
    }
    return memory(unit).read([&] {
      std::vector<domain::Invoice> found;
      for (const auto& [id, invoice] : table_.rows()) {
        if (filter.user && invoice.user != *filter.user) continue;
        if (filter.order && invoice.order != *filter.order) continue;
        if (!before || std::pair(invoice.created_at, id) < *before) found.push_back(invoice);
      }
      std::ranges::sort(found, std::greater{}, [](const auto& invoice) { return std::pair(invoice.created_at, invoice.id); });
      if (found.size() > static_cast<std::size_t>(page.size) + 1) found.resize(static_cast<std::size_t>(page.size) + 1);
      return pkg::paging::cut(std::move(found), page.size,
                              [](const auto& invoice) { return pkg::paging::time_and_id(invoice.created_at, invoice.id.value()); });
    });
  }

  std::optional<domain::Invoice> known;  ///< what is remembered

 private:
  MemoryTable<domain::Invoice, domain::InvoiceId> table_;
};

class MemoryTasks final : public app::GatewayTasks {
 public:
  void add(pkg::uow::UnitOfWork& unit, const app::GatewayTask& task) override {
    auto added = task;
    added.cause = unit.cause();
    memory(unit).at_commit({}, [this, added] { tasks_.try_emplace(added.key, added); });
  }
  void remove(pkg::uow::UnitOfWork& unit, const std::string& key) override {
    memory(unit).at_commit({}, [this, key] { tasks_.erase(key); });
  }
  void finish(pkg::uow::UnitOfWork& unit, const std::string& key) override {
    const auto is_there = [this, key]() -> pkg::errors::Result<> {
      return tasks_.contains(key) ? pkg::errors::Result<>{} : std::unexpected(contended());
    };
    memory(unit).at_commit(is_there, [this, key] { tasks_.erase(key); });
  }
  void take_back(pkg::uow::UnitOfWork& unit, const std::string& key) override {
    const auto untouched = [this, key]() -> pkg::errors::Result<> {
      const auto found = tasks_.find(key);
      if (found == tasks_.end() || found->second.attempts > 0) return std::unexpected(app::task_begun());
      return {};
    };
    memory(unit).at_commit(untouched, [this, key] { tasks_.erase(key); });
  }
  void postpone(pkg::uow::UnitOfWork& unit, const std::string& key, pkg::clock::TimePoint due_at) override {
    memory(unit).at_commit({}, [this, key, due_at] {
      if (const auto found = tasks_.find(key); found != tasks_.end()) found->second.due_at = due_at;
    });
  }
  pkg::errors::Result<std::optional<app::GatewayTask>> capture_of(pkg::uow::UnitOfWork& unit, const domain::InvoiceId& invoice) override {
    return memory(unit).read([&] {
      for (const auto& [key, task] : tasks_) {
        if (task.operation == app::GatewayOperation::capture && task.invoice == invoice) return std::optional(task);
      }
      return std::optional<app::GatewayTask>{};
    });
  }
  pkg::errors::Result<std::vector<app::GatewayTask>> claim(pkg::uow::UnitOfWork& unit, pkg::clock::TimePoint now,
                                                           pkg::clock::TimePoint until, int limit) override {
    auto due = memory(unit).read([&] {
      std::vector<app::GatewayTask> found;
      for (const auto& [key, task] : tasks_) {
        if (task.due_at <= now) found.push_back(task);
      }
      return found;
    });
    std::ranges::sort(due, {}, &app::GatewayTask::due_at);
    if (due.size() > static_cast<std::size_t>(limit)) due.resize(static_cast<std::size_t>(limit));
    for (auto& task : due) {
      task.due_at = until;
      ++task.attempts;
      memory(unit).at_commit({}, [this, task] {
        if (const auto found = tasks_.find(task.key); found != tasks_.end()) found->second = task;
      });
    }
    return due;
  }
  pkg::errors::Result<std::optional<pkg::clock::TimePoint>> next_due(pkg::uow::UnitOfWork& unit) override {
    return memory(unit).read([&] {
      std::optional<pkg::clock::TimePoint> next;
      for (const auto& [key, task] : tasks_) {
        if (!next || task.due_at < *next) next = task.due_at;
      }
      return next;
    });
  }
  const std::map<std::string, app::GatewayTask>& tasks() const { return tasks_; }

 private:
  std::map<std::string, app::GatewayTask> tasks_;
};

/// Keeps what was told, in order, once it is committed.
class RecordedNews final : public app::PaymentNews, public app::InvoiceNews {
 public:
  void tell(pkg::uow::UnitOfWork& unit, const domain::Payment& after, std::span<const domain::PaymentEvent> events) override {
    for (const auto& event : events)
      memory(unit).at_commit({}, [this, event, id = after.id, v = after.version] { payments.push_back({id, v, event}); });
  }
  void tell(pkg::uow::UnitOfWork& unit, const domain::Invoice& after, std::span<const domain::InvoiceEvent> events) override {
    for (const auto& event : events)
      memory(unit).at_commit({}, [this, event, id = after.id, v = after.version] { invoices.push_back({id, v, event}); });
  }
  template <class Id, class Event>
  struct Item {
    Id id;
    std::uint64_t version;
    Event event;
  };
  std::vector<Item<domain::PaymentId, domain::PaymentEvent>> payments;
  std::vector<Item<domain::InvoiceId, domain::InvoiceEvent>> invoices;
};

/// A gateway with books in memory, after the methods of the sandbox. It can be away, and its answers can get lost.
class FakeGateway final : public app::PaymentGateway {
 public:
  enum class State : std::uint8_t { held, captured, released };
  struct Account {
    std::string method;
    pkg::money::Money amount;
    State state = State::held;
    pkg::money::Money taken{};
    int captures = 0;
  };

  explicit FakeGateway(int flaky_failures = 0) : flaky_failures_(flaky_failures) {}

  Answer authorize(const std::string& key, const Hold& hold) override {
    if (!hold.method.starts_with("sandbox:")) return std::unexpected(app::GatewayFailure::unknown_method);
    const auto held = answer(key, hold.method, [&]() -> Answer {
      if (hold.method == "sandbox:decline" || released_.contains(hold.payment)) return std::unexpected(app::GatewayFailure::declined);
      accounts[hold.payment] = {hold.method, hold.amount};
      return {};
    });
    if (before_it_answers) before_it_answers();
    return held;
  }
  Answer capture(const std::string& key, const domain::PaymentId& payment, const pkg::money::Money& amount) override {
    return answer(key, method_of(payment), [&]() -> Answer {
      const auto found = accounts.find(payment);
      if (found == accounts.end() || found->second.state != State::held || found->second.method == "sandbox:capture-fails" ||
          amount.currency() != found->second.amount.currency() || amount.minor_units() > found->second.amount.minor_units()) {
        return std::unexpected(app::GatewayFailure::declined);
      }
      found->second.state = State::captured;
      found->second.taken = amount;
      ++found->second.captures;
      return {};
    });
  }
  Answer release(const std::string& key, const domain::PaymentId& payment) override {
    return answer(key, method_of(payment), [&]() -> Answer {
      released_[payment] = true;
      if (const auto found = accounts.find(payment); found != accounts.end() && found->second.state == State::held) {
        found->second.state = State::released;
      }
      return {};
    });
  }

  std::map<domain::PaymentId, Account> accounts;
  std::function<void()> before_it_answers;  ///< once the money is held
  bool is_away = false;
  bool loses_answers = false;  ///< does what it is asked, and nobody hears of it
  int asked = 0;

 private:
  std::string method_of(const domain::PaymentId& payment) const {
    const auto found = accounts.find(payment);
    return found == accounts.end() ? "" : found->second.method;
  }
  template <class Do>
  Answer answer(const std::string& key, const std::string& method, Do act) {
    ++asked;
    if (is_away) return std::unexpected(app::GatewayFailure::unavailable);
    if (method == "sandbox:flaky" && ++tries_[key] <= flaky_failures_) return std::unexpected(app::GatewayFailure::unavailable);
    if (!answers_.contains(key)) answers_.emplace(key, act());
    if (loses_answers) return std::unexpected(app::GatewayFailure::unavailable);
    return answers_.at(key);
  }

  int flaky_failures_;
  std::map<std::string, int> tries_;
  std::map<std::string, Answer> answers_;
  std::map<domain::PaymentId, bool> released_;
};

}  // namespace payments::tests
