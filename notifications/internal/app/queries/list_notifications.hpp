#pragma once

#include "notifications/internal/app/ports.hpp"

namespace notifications::app {

/// A person's own messages, newest first.
struct ListNotifications {
  domain::UserId by;
  pkg::paging::Page page;
};

class ListNotificationsHandler {
 public:
  explicit ListNotificationsHandler(Notifications& notifications) : notifications_(notifications) {}
  pkg::errors::Result<pkg::paging::Slice<domain::Notification>> operator()(pkg::uow::UnitOfWork& unit,
                                                                           const ListNotifications& query) const;

 private:
  Notifications& notifications_;
};

}  // namespace notifications::app
