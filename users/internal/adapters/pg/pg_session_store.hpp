#pragma once

#include "users/internal/app/ports.hpp"

namespace users::adapters::pg {

class PgSessionStore final : public app::SessionStore {
 public:
  void start(pkg::uow::UnitOfWork& unit, const domain::SessionId& session, const domain::UserId& user, pkg::es::Version user_version,
             const app::NewRefreshToken& token) override;
  pkg::errors::Result<std::optional<domain::RefreshToken>> find(pkg::uow::UnitOfWork& unit, std::string_view digest) override;
  void rotate(pkg::uow::UnitOfWork& unit, const domain::RefreshToken& old, const app::NewRefreshToken& token) override;
  void revoke(pkg::uow::UnitOfWork& unit, const domain::SessionId& session) override;
  void revoke_all(pkg::uow::UnitOfWork& unit, const domain::UserId& user) override;
  void forget_expired(pkg::uow::UnitOfWork& unit, pkg::clock::TimePoint time) override;
};

}  // namespace users::adapters::pg
