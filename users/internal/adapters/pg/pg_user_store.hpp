#pragma once

#include "users/internal/app/ports.hpp"

namespace users::adapters::pg {

class PgUserStore final : public app::UserStore {
 public:
  pkg::errors::Result<app::LoadedUser> load(pkg::uow::UnitOfWork& unit, const domain::UserId& id) override;
  pkg::errors::Result<std::optional<app::FoundUser>> find_by_username(pkg::uow::UnitOfWork& unit, std::string_view username) override;
  pkg::errors::Result<bool> others_operate(pkg::uow::UnitOfWork& unit, const domain::UserId& id) override;
  pkg::errors::Result<> save(pkg::uow::UnitOfWork& unit, const domain::UserId& id, app::LoadedUser& user,
                             const std::vector<domain::UserEvent>& events) override;
};

}  // namespace users::adapters::pg
