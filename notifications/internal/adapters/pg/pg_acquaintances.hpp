#pragma once

#include "notifications/internal/app/ports.hpp"

namespace notifications::adapters::pg {

class PgAcquaintances final : public app::Acquaintances {
 public:
  void learn(pkg::uow::UnitOfWork& unit, const app::PersonFact& fact) override;
  void learn(pkg::uow::UnitOfWork& unit, const domain::OrderId& order, const domain::OrderSummary& summary) override;
  pkg::errors::Result<domain::Context> find(pkg::uow::UnitOfWork& unit, const domain::UserId& user, const domain::OrderId& order) override;
};

}  // namespace notifications::adapters::pg
