#pragma once

#include "baskets/internal/app/ports.hpp"

namespace baskets::adapters::pg {

class PgOpenBaskets final : public app::OpenBaskets {
 public:
  void note(pkg::uow::UnitOfWork& unit, const domain::BasketId& id, const domain::Basket& basket) override;
  pkg::errors::Result<std::vector<domain::BasketId>> untouched_since(pkg::uow::UnitOfWork& unit, pkg::clock::TimePoint time,
                                                                     int limit) override;
};

}  // namespace baskets::adapters::pg
