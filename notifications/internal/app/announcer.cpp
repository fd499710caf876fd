#include "notifications/internal/app/announcer.hpp"

namespace notifications::app {

void Announcer::announce(pkg::uow::UnitOfWork& unit, const domain::UserId& user, domain::Kind kind,
                         const std::optional<domain::OrderId>& order, domain::Text text) const {
  notifications_.add(unit, {.id = domain::NotificationId::make(ids_),
                            .user = user,
                            .kind = kind,
                            .order = order,
                            .text = std::move(text),
                            .created_at = clock_.now(),
                            .read_at = {},
                            .delivery = first_delivery_});
}

}  // namespace notifications::app
