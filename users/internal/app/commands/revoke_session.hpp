#pragma once

#include "users/internal/app/ports.hpp"

namespace users::app {

/// Signs out. A token that is not known is as good as signed out.
class RevokeSessionHandler {
 public:
  explicit RevokeSessionHandler(SessionStore& sessions) : sessions_(sessions) {}
  pkg::errors::Result<> operator()(pkg::uow::UnitOfWork& unit, const std::string& digest) const;

 private:
  SessionStore& sessions_;
};

}  // namespace users::app
