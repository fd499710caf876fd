#pragma once

#include "stores/internal/app/ports.hpp"

namespace stores::adapters::pg {

class PgCatalog final : public app::Catalog {
 public:
  void note(pkg::uow::UnitOfWork& unit, const domain::ProductId& id, const pkg::es::Loaded<domain::Product>& after) override;
  pkg::errors::Result<std::optional<app::ProductView>> find(pkg::uow::UnitOfWork& unit, const domain::ProductId& id) override;
  pkg::errors::Result<pkg::paging::Slice<app::ProductView>> of_store(pkg::uow::UnitOfWork& unit, const domain::StoreId& store,
                                                                     const pkg::paging::Page& page) override;
};

}  // namespace stores::adapters::pg
