#pragma once

#include "notifications/internal/app/announcer.hpp"

namespace notifications::app {

struct TellOfOrder {
  domain::UserId user;
  domain::OrderId order;
  domain::OrderNews news;
};

class TellOfOrderHandler {
 public:
  TellOfOrderHandler(const Announcer& announcer, Acquaintances& acquaintances) : announcer_(announcer), acquaintances_(acquaintances) {}
  /// Writes with what is known of person and order, which may be nothing. Fails with `unavailable`.
  pkg::errors::Result<> operator()(pkg::uow::UnitOfWork& unit, const TellOfOrder& command) const;

 private:
  const Announcer& announcer_;
  Acquaintances& acquaintances_;
};

}  // namespace notifications::app
