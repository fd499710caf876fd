#pragma once

#include "notifications/internal/app/ports.hpp"
#include "pkg/clock/clock.hpp"

namespace notifications::app {

struct ReadNotification {
  domain::NotificationId notification;
  domain::UserId by;
};

class ReadNotificationHandler {
 public:
  ReadNotificationHandler(Notifications& notifications, const pkg::clock::Clock& clock) : notifications_(notifications), clock_(clock) {}
  /// Fails with no_such_notification or not_your_notification, and as Notifications does.
  pkg::errors::Result<domain::Notification> operator()(pkg::uow::UnitOfWork& unit, const ReadNotification& command) const;

 private:
  Notifications& notifications_;
  const pkg::clock::Clock& clock_;
};

}  // namespace notifications::app
