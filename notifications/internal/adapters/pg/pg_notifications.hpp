#pragma once

#include <functional>

#include "notifications/internal/app/ports.hpp"

namespace notifications::adapters::pg {

class PgNotifications final : public app::Notifications {
 public:
  /// `on_queued` is called after the commit of a unit that queued something, on the thread that committed.
  explicit PgNotifications(std::function<void()> on_queued) : on_queued_(std::move(on_queued)) {}

  void add(pkg::uow::UnitOfWork& unit, const domain::Notification& notification) override;
  pkg::errors::Result<std::optional<domain::Notification>> find(pkg::uow::UnitOfWork& unit, const domain::NotificationId& id) override;
  pkg::errors::Result<pkg::paging::Slice<domain::Notification>> of_user(pkg::uow::UnitOfWork& unit, const domain::UserId& user,
                                                                        const pkg::paging::Page& page) override;
  void mark_read(pkg::uow::UnitOfWork& unit, const domain::NotificationId& id, pkg::clock::TimePoint at) override;

 private:
  std::function<void()> on_queued_;
};

}  // namespace notifications::adapters::pg
