#pragma once

#include "depot/internal/app/ports.hpp"

namespace depot::app {

/// In the order of their registration.
struct ListBots {
  pkg::paging::Page page;
};

class ListBotsHandler {
 public:
  explicit ListBotsHandler(BotStore& bots) : bots_(bots) {}
  pkg::errors::Result<pkg::paging::Slice<domain::Bot>> operator()(pkg::uow::UnitOfWork& unit, const ListBots& query) const;

 private:
  BotStore& bots_;
};

}  // namespace depot::app
