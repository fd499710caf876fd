#pragma once

#include "baskets/internal/app/ports.hpp"

namespace baskets::adapters::pg {

class PgOpenBaskets final : public app::OpenBaskets {
 public:
  void add(pkg::uow::UnitOfWork& unit, const domain::BasketId& id, pkg::clock::TimePoint touched_at) override;
  void move(pkg::uow::UnitOfWork& unit, const domain::BasketId& id, pkg::clock::TimePoint touched_at) override;
  void remove(pkg::uow::UnitOfWork& unit, const domain::BasketId& id) override;
  pkg::errors::Result<std::vector<domain::BasketId>> perhaps_untouched_since(pkg::uow::UnitOfWork& unit, pkg::clock::TimePoint time,
                                                                             int limit) override;
};

}  // namespace baskets::adapters::pg
