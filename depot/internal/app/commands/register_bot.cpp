#include "depot/internal/app/commands/register_bot.hpp"

namespace depot::app {

pkg::errors::Result<> RegisterBotHandler::operator()(pkg::uow::UnitOfWork& unit, const RegisterBot& command) const {
  const auto taken = bots_.is_name_taken(unit, domain::trimmed(command.name));
  if (!taken) return pkg::errors::pass_on(taken);
  const auto bot = domain::register_bot(command.id, command.name, *taken, clock_.now());
  if (!bot) return std::unexpected(domain::to_error(bot.error()));
  bots_.save(unit, *bot);
  floor_.wake(unit);
  return {};
}

}  // namespace depot::app
