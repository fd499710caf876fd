#pragma once

#include "depot/internal/app/ports.hpp"

namespace depot::adapters::pg {

class PgStoreCache final : public app::StoreCache {
 public:
  void learn(pkg::uow::UnitOfWork& unit, const app::StoreFact& fact) override;
  pkg::errors::Result<std::vector<domain::KnownStore>> find(pkg::uow::UnitOfWork& unit, std::span<const domain::StoreId> stores) override;
};

}  // namespace depot::adapters::pg
