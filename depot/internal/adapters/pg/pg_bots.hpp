#pragma once

#include "depot/internal/app/ports.hpp"

namespace depot::adapters::pg {

class PgBots final : public app::BotStore {
 public:
  pkg::errors::Result<std::vector<domain::Bot>> load(pkg::uow::UnitOfWork& unit, std::span<const domain::BotId> ids) override;
  pkg::errors::Result<bool> is_name_taken(pkg::uow::UnitOfWork& unit, std::string_view name) override;
  void save(pkg::uow::UnitOfWork& unit, const domain::Bot& bot) override;
  pkg::errors::Result<pkg::paging::Slice<domain::Bot>> list(pkg::uow::UnitOfWork& unit, const pkg::paging::Page& page) override;
  pkg::errors::Result<std::vector<domain::Bot>> take_idle(pkg::uow::UnitOfWork& unit, int limit) override;
};

}  // namespace depot::adapters::pg
