#include "cosec/internal/app/queries/get_saga.hpp"

namespace cosec::app {

using pkg::errors::ErrorKind;
using pkg::errors::pass_on;

pkg::errors::Result<SagaView> GetSagaHandler::operator()(pkg::uow::UnitOfWork& unit, std::string_view id) const {
  auto state = store_.load(unit, definitions_.name(), id, pkg::saga::Freshness::current);
  if (!state) return pass_on(state);
  if (!*state) return pkg::errors::fail(ErrorKind::not_found, "no_such_saga", "There is no saga of this id.");
  auto history = store_.history(unit, definitions_.name(), id);
  if (!history) return pass_on(history);
  const auto* definition = definitions_.find((*state)->definition_version);
  if (definition == nullptr)
    return pkg::errors::fail(ErrorKind::internal, "unknown_saga_definition", "The saga follows a definition that is not known here.");
  auto what = pkg::saga::plan(*definition, **state);
  return SagaView{std::move(**state), std::move(what), std::move(*history)};
}

}  // namespace cosec::app
