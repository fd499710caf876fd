#include "notifications/internal/app/app.hpp"

namespace notifications::app {

using pkg::uow::Cause;
using pkg::uow::UnitOfWork;

Application::Application(const Needs& needs)
    : transactor_(needs.transactor),
      announcer_(needs.notifications, needs.ids, needs.clock, needs.first_delivery),
      welcome_user_(announcer_, needs.acquaintances, needs.queue, needs.clock),
      change_address_(needs.acquaintances, needs.queue, needs.clock),
      remember_order_(needs.acquaintances),
      tell_of_order_(announcer_, needs.acquaintances),
      read_notification_(needs.notifications, needs.clock),
      list_notifications_(needs.notifications) {}

pkg::errors::Result<domain::Notification> Application::read_notification(const Cause& cause, const ReadNotification& command) const {
  return transactor_.run_for(cause, [&](UnitOfWork& unit) { return read_notification_(unit, command); });
}

pkg::errors::Result<pkg::paging::Slice<domain::Notification>> Application::list_notifications(const Cause& cause,
                                                                                              const ListNotifications& query) const {
  return transactor_.run_for(cause, [&](UnitOfWork& unit) { return list_notifications_(unit, query); });
}

}  // namespace notifications::app
