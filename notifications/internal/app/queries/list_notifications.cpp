#include "notifications/internal/app/queries/list_notifications.hpp"

namespace notifications::app {

pkg::errors::Result<pkg::paging::Slice<domain::Notification>> ListNotificationsHandler::operator()(pkg::uow::UnitOfWork& unit,
                                                                                                   const ListNotifications& query) const {
  return notifications_.of_user(unit, query.by, query.page);
}

}  // namespace notifications::app
