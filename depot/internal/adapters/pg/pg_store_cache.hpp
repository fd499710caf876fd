#pragma once

#include <chrono>

#include "depot/internal/app/ports.hpp"
#include "pkg/postgres/recent_reads.hpp"

namespace depot::adapters::pg {

/// What was read is believed for a second: the news of a store is often later than that, and what it says is true whatever becomes of the
/// unit that learnt it.
class PgStoreCache final : public app::StoreCache {
 public:
  void learn(pkg::uow::UnitOfWork& unit, const app::StoreFact& fact) override;
  pkg::errors::Result<std::vector<domain::KnownStore>> find(pkg::uow::UnitOfWork& unit, std::span<const domain::StoreId> stores) override;

 private:
  pkg::postgres::RecentReads<domain::StoreId, domain::KnownStore> recent_{1000, std::chrono::seconds{1}};
};

}  // namespace depot::adapters::pg
