#pragma once

#include "stores/internal/app/ports.hpp"

namespace stores::adapters::pg {

class PgMall final : public app::Mall {
 public:
  void note(pkg::uow::UnitOfWork& unit, const domain::StoreId& id, const pkg::es::Loaded<domain::Store>& after) override;
  pkg::errors::Result<std::optional<app::StoreView>> find(pkg::uow::UnitOfWork& unit, const domain::StoreId& id) override;
  pkg::errors::Result<pkg::paging::Slice<app::StoreView>> list(pkg::uow::UnitOfWork& unit, std::optional<bool> participating,
                                                               const pkg::paging::Page& page) override;
};

}  // namespace stores::adapters::pg
