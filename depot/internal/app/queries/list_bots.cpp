#include "depot/internal/app/queries/list_bots.hpp"

namespace depot::app {

pkg::errors::Result<pkg::paging::Slice<domain::Bot>> ListBotsHandler::operator()(pkg::uow::UnitOfWork& unit, const ListBots& query) const {
  return bots_.list(unit, query.page);
}

}  // namespace depot::app
