#pragma once

#include "search/internal/app/ports.hpp"

namespace search::adapters::pg {

class PgOrderHistory final : public app::OrderHistory {
 public:
  void learn(pkg::uow::UnitOfWork& unit, const app::UserFact& fact) override;
  void learn(pkg::uow::UnitOfWork& unit, const app::OrderFact& fact) override;
  pkg::errors::Result<std::optional<app::FoundOrder>> find(pkg::uow::UnitOfWork& unit, const domain::OrderId& order) override;
  pkg::errors::Result<pkg::paging::Slice<app::FoundOrder>> list(pkg::uow::UnitOfWork& unit, const app::OrderQuery& query) override;
};

}  // namespace search::adapters::pg
