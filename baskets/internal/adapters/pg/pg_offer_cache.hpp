#pragma once

#include "baskets/internal/app/ports.hpp"

namespace baskets::adapters::pg {

class PgOfferCache final : public app::OfferCache {
 public:
  void learn(pkg::uow::UnitOfWork& unit, const app::StoreFact& fact) override;
  void learn(pkg::uow::UnitOfWork& unit, const app::ProductFact& fact) override;
  pkg::errors::Result<std::vector<domain::Offer>> find(pkg::uow::UnitOfWork& unit, std::span<const domain::ProductId> products) override;
};

}  // namespace baskets::adapters::pg
