#include "users/internal/app/user_changes.hpp"

namespace users::app {

pkg::errors::Result<> UserChanges::record(pkg::uow::UnitOfWork& unit, const domain::UserId& id, LoadedUser& user,
                                          const std::vector<domain::UserEvent>& events) const {
  if (events.empty()) return {};
  // Saving comes first: it makes the later of two writers of one account wait, so that news leave in the order of versions.
  if (auto saved = store_.save(unit, id, user, events); !saved) return saved;
  news_.tell(unit, id, user, events);
  return {};
}

}  // namespace users::app
