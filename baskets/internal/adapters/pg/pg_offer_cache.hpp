#pragma once

#include "baskets/internal/app/ports.hpp"
#include "pkg/postgres/recent_reads.hpp"

namespace baskets::adapters::pg {

class PgOfferCache final : public app::OfferCache {
 public:
  void learn(pkg::uow::UnitOfWork& unit, const app::StoreFact& fact) override;
  void learn(pkg::uow::UnitOfWork& unit, const app::ProductFact& fact) override;
  pkg::errors::Result<std::vector<domain::Offer>> find(pkg::uow::UnitOfWork& unit, std::span<const domain::ProductId> products) override;
  std::optional<domain::Offer> recall(const domain::ProductId& product) override { return recent_.find(product); }

 private:
  /// What events tell comes here where this process handles them, and is forgotten at once; another process believes this for its time.
  pkg::postgres::RecentReads<domain::ProductId, domain::Offer> recent_{5000, std::chrono::seconds{1}};
};

}  // namespace baskets::adapters::pg
