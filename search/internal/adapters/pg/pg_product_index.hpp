#pragma once

#include "search/internal/app/ports.hpp"

namespace search::adapters::pg {

/// Full text search for whole words, English stems and the beginning of the last word; words that no product has are replaced by those
/// that look like them (trigrams).
class PgProductIndex final : public app::ProductIndex {
 public:
  void learn(pkg::uow::UnitOfWork& unit, const app::StoreFact& fact) override;
  void learn(pkg::uow::UnitOfWork& unit, const app::ProductFact& fact) override;
  pkg::errors::Result<pkg::paging::Slice<app::FoundProduct>> find(pkg::uow::UnitOfWork& unit, const app::ProductQuery& query) override;
};

}  // namespace search::adapters::pg
