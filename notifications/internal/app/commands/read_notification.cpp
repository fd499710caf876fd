#include "notifications/internal/app/commands/read_notification.hpp"

namespace notifications::app {

pkg::errors::Result<domain::Notification> ReadNotificationHandler::operator()(pkg::uow::UnitOfWork& unit,
                                                                              const ReadNotification& command) const {
  const auto found = notifications_.find(unit, command.notification);
  if (!found) return pkg::errors::pass_on(found);
  auto read = domain::read(*found ? &**found : nullptr, command.by, clock_.now());
  if (!read) return std::unexpected(domain::to_error(read.error()));
  if (!(*found)->read_at) notifications_.mark_read(unit, read->id, *read->read_at);
  return std::move(*read);
}

}  // namespace notifications::app
