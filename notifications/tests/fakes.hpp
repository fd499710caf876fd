#pragma once
// The ports of notifications in memory. MemoryNotifications (which is the mail queue, too) and MemoryAcquaintances pass the same contract
// suite as the PostgreSQL ones (port_contracts.hpp).

#include <algorithm>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "notifications/internal/app/ports.hpp"
#include "pkg/uow/memory_transactor.hpp"

namespace notifications::tests {

inline pkg::uow::MemoryUnitOfWork& memory(pkg::uow::UnitOfWork& unit) { return dynamic_cast<pkg::uow::MemoryUnitOfWork&>(unit); }

class MemoryAcquaintances final : public app::Acquaintances {
 public:
  void learn(pkg::uow::UnitOfWork& unit, const app::PersonFact& fact) override {
    memory(unit).at_commit({}, [this, fact] {
      auto& person = people_[fact.user];
      if (fact.username && person.username.empty()) person.username = *fact.username;
      if (fact.email && fact.version > person.email_version) {
        person.email = fact.email;
        person.email_version = fact.version;
      }
    });
  }
  void learn(pkg::uow::UnitOfWork& unit, const domain::OrderId& order, const domain::OrderSummary& summary) override {
    memory(unit).at_commit({}, [this, order, summary] { orders_.try_emplace(order, summary); });
  }
  pkg::errors::Result<domain::Context> find(pkg::uow::UnitOfWork& unit, const domain::UserId& user, const domain::OrderId& order) override {
    return memory(unit).read([&] {
      domain::Context context;
      if (const auto person = people_.find(user); person != people_.end()) context.username = person->second.username;
      if (const auto known = orders_.find(order); known != orders_.end()) context.order = known->second;
      return context;
    });
  }
  /// Call with the transactor's lock: within at_commit() or read().
  std::optional<std::string> email_of(const domain::UserId& user) const {
    const auto person = people_.find(user);
    return person == people_.end() ? std::nullopt : person->second.email;
  }

 private:
  struct Person {
    std::string username;
    std::optional<std::string> email;
    std::uint64_t email_version = 0;
  };
  std::map<domain::UserId, Person> people_;
  std::map<domain::OrderId, domain::OrderSummary> orders_;
};

class MemoryNotifications final : public app::Notifications, public app::MailQueue {
 public:
  explicit MemoryNotifications(const MemoryAcquaintances& acquaintances) : acquaintances_(acquaintances) {}

  void add(pkg::uow::UnitOfWork& unit, const domain::Notification& notification) override {
    memory(unit).at_commit({}, [this, notification] {
      const auto is_same = [&](const Row& row) {
        const auto& kept = row.notification;
        return kept.user == notification.user && kept.kind == notification.kind && kept.order == notification.order;
      };
      if (std::ranges::none_of(rows_, is_same)) rows_.push_back({notification, 0, notification.created_at, {}});
    });
  }
  pkg::errors::Result<std::optional<domain::Notification>> find(pkg::uow::UnitOfWork& unit, const domain::NotificationId& id) override {
    return memory(unit).read([&] {
      const auto* row = row_of(id);
      return row == nullptr ? std::optional<domain::Notification>{} : std::optional(row->notification);
    });
  }
  pkg::errors::Result<pkg::paging::Slice<domain::Notification>> of_user(pkg::uow::UnitOfWork& unit, const domain::UserId& user,
                                                                        const pkg::paging::Page& page) override {
    using Key = std::pair<pkg::clock::TimePoint, pkg::ids::Uuid>;
    const auto key_of = [](const domain::Notification& notification) { return Key{notification.created_at, notification.id.value()}; };
    std::optional<Key> before;
    if (!page.after.empty()) {
      const auto position = pkg::paging::read_time_and_id(page.after);
      if (!position) return pkg::errors::pass_on(position);
      before = Key{position->time, position->id};
    }
    return memory(unit).read([&] {
      std::vector<domain::Notification> found;
      for (const auto& row : rows_) {
        if (row.notification.user == user && (!before || key_of(row.notification) < *before)) found.push_back(row.notification);
      }
      std::ranges::sort(found, std::greater<>{}, key_of);
      return pkg::paging::cut(std::move(found), page.size, [](const domain::Notification& notification) {
        return pkg::paging::time_and_id(notification.created_at, notification.id.value());
      });
    });
  }
  void mark_read(pkg::uow::UnitOfWork& unit, const domain::NotificationId& id, pkg::clock::TimePoint at) override {
    memory(unit).at_commit(
        [this, id]() -> pkg::errors::Result<> {
          const auto* row = row_of(id);
          if (row != nullptr && !row->notification.read_at) return {};
          return pkg::errors::fail(pkg::errors::ErrorKind::contended, "contended", "Somebody was faster.");
        },
        [this, id, at] { row_of(id)->notification.read_at = at; });
  }

  pkg::errors::Result<std::vector<app::QueuedMail>> lease(pkg::uow::UnitOfWork& unit, const pkg::ids::Uuid& lease,
                                                          pkg::clock::TimePoint now, pkg::clock::TimePoint until, int limit) override {
    return memory(unit).read([&] {
      std::vector<Row*> due;
      for (auto& row : rows_) {
        if (is_queued(row) && row.due_at <= now) due.push_back(&row);
      }
      std::ranges::sort(due, {}, &Row::due_at);
      if (due.size() > static_cast<std::size_t>(limit)) due.resize(static_cast<std::size_t>(limit));
      std::vector<app::QueuedMail> mails;
      for (auto* row : due) {
        // At once and not at the commit: a fake's units do not fail after a lease.
        row->lease = lease;
        row->due_at = until;
        const auto& kept = row->notification;
        mails.push_back({kept.id, kept.user, kept.text, {kept.created_at, row->tries}, acquaintances_.email_of(kept.user)});
      }
      return mails;
    });
  }
  void settle(pkg::uow::UnitOfWork& unit, const domain::NotificationId& id, const pkg::ids::Uuid& lease,
              const domain::Standing& standing) override {
    memory(unit).at_commit({}, [this, id, lease, standing] {
      auto* row = row_of(id);
      if (row == nullptr || row->lease != lease) return;
      row->notification.delivery = standing.delivery;
      row->tries = standing.tries;
      row->due_at = standing.due_at.value_or(pkg::clock::TimePoint::max());
      row->lease.reset();
    });
  }
  void give_back(pkg::uow::UnitOfWork& unit, const pkg::ids::Uuid& lease, pkg::clock::TimePoint due) override {
    memory(unit).at_commit({}, [this, lease, due] {
      for (auto& row : rows_) {
        if (row.lease != lease || !is_queued(row)) continue;
        row.due_at = due;
        row.lease.reset();
      }
    });
  }
  void hurry(pkg::uow::UnitOfWork& unit, const domain::UserId& user, pkg::clock::TimePoint now) override {
    memory(unit).at_commit({}, [this, user, now] {
      for (auto& row : rows_) {
        if (row.notification.user == user && is_queued(row) && !row.lease) row.due_at = std::min(row.due_at, now);
      }
    });
  }

 private:
  struct Row {
    domain::Notification notification;
    int tries = 0;
    pkg::clock::TimePoint due_at;
    std::optional<pkg::ids::Uuid> lease;
  };
  static bool is_queued(const Row& row) { return row.notification.delivery == domain::Delivery::queued; }
  Row* row_of(const domain::NotificationId& id) {
    const auto found = std::ranges::find_if(rows_, [&](const Row& row) { return row.notification.id == id; });
    return found == rows_.end() ? nullptr : &*found;
  }

  const MemoryAcquaintances& acquaintances_;
  std::vector<Row> rows_;
};

/// The users service, as far as notifications asks it.
class FakeDirectory final : public app::UserDirectory {
 public:
  pkg::errors::Result<std::optional<app::PersonFact>> look_up(const pkg::uow::Cause&, const domain::UserId& user) override {
    ++asked;
    if (is_away) return pkg::errors::fail(pkg::errors::ErrorKind::unavailable, "unavailable", "users is away.");
    const auto found = people.find(user);
    return found == people.end() ? std::optional<app::PersonFact>{} : std::optional(found->second);
  }
  std::map<domain::UserId, app::PersonFact> people;
  bool is_away = false;
  int asked = 0;
};

/// Keeps what is delivered, and refuses when told to.
class FakePostman final : public app::Postman {
 public:
  struct Letter {
    std::string email;
    domain::NotificationId id;
    std::string subject;
    friend bool operator==(const Letter&, const Letter&) = default;
  };
  pkg::errors::Result<> deliver(const std::string& email, const domain::NotificationId& id, const domain::Text& text) override {
    ++asked;
    if (refusal) return pkg::errors::fail(*refusal, "mail_refused", "The mail was refused.");
    delivered.push_back({email, id, text.subject});
    return {};
  }
  std::optional<pkg::errors::ErrorKind> refusal;
  std::vector<Letter> delivered;
  int asked = 0;
};

}  // namespace notifications::tests
