#pragma once

#include <functional>

#include "notifications/internal/app/ports.hpp"

namespace notifications::adapters::pg {

/// On the table of notifications. Replicas pass over rows that another is leasing at that moment (SKIP LOCKED), and over leased ones.
class PgMailQueue final : public app::MailQueue {
 public:
  /// `on_due` is called after the commit of a unit that made something due, on the thread that committed.
  explicit PgMailQueue(std::function<void()> on_due) : on_due_(std::move(on_due)) {}

  pkg::errors::Result<std::vector<app::QueuedMail>> lease(pkg::uow::UnitOfWork& unit, const pkg::ids::Uuid& lease,
                                                          pkg::clock::TimePoint now, pkg::clock::TimePoint until, int limit) override;
  void settle(pkg::uow::UnitOfWork& unit, const domain::NotificationId& id, const pkg::ids::Uuid& lease,
              const domain::Standing& standing) override;
  void give_back(pkg::uow::UnitOfWork& unit, const pkg::ids::Uuid& lease, pkg::clock::TimePoint due) override;
  void hurry(pkg::uow::UnitOfWork& unit, const domain::UserId& user, pkg::clock::TimePoint now) override;

 private:
  std::function<void()> on_due_;
};

}  // namespace notifications::adapters::pg
