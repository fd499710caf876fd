#include "cosec/internal/app/app.hpp"

namespace cosec::app {

using pkg::uow::UnitOfWork;

pkg::errors::Result<SagaView> Application::get_saga(const pkg::uow::Cause& cause, std::string_view id) const {
  return transactor_.run_for(cause, [&](UnitOfWork& unit) { return get_saga_(unit, id); });
}

pkg::errors::Result<pkg::saga::Page> Application::list_sagas(const pkg::uow::Cause& cause, std::optional<pkg::saga::Status> status,
                                                             int page_size, std::string_view after) const {
  return transactor_.run_for(cause, [&](UnitOfWork& unit) {
    return store_.list(unit, definitions_.name(), {.status = status}, static_cast<std::size_t>(page_size), after);
  });
}

pkg::errors::Result<std::size_t> Application::count_alerts(const pkg::uow::Cause& cause) const {
  constexpr std::size_t most = 1000;
  const auto alerted = transactor_.run_for(
      cause, [&](UnitOfWork& unit) { return store_.list(unit, definitions_.name(), {.status = {}, .only_alerts = true}, most, {}); });
  if (!alerted) return pkg::errors::pass_on(alerted);
  return alerted->sagas.size();
}

pkg::errors::Result<std::size_t> Application::remove_old_sagas(const pkg::uow::Cause& cause, pkg::clock::Duration kept,
                                                               std::size_t limit) const {
  return transactor_.run_for(cause,
                             [&](UnitOfWork& unit) { return store_.remove_ended(unit, definitions_.name(), clock_.now() - kept, limit); });
}

}  // namespace cosec::app
