#include "cosec/internal/app/app.hpp"

namespace cosec::app {

using pkg::uow::UnitOfWork;

pkg::errors::Result<SagaView> Application::get_saga(const pkg::uow::Cause& cause, std::string_view id) const {
  return transactor_.run_for(cause, [&](UnitOfWork& unit) { return get_saga_(unit, id); });
}

pkg::errors::Result<pkg::saga::Page> Application::list_sagas(const pkg::uow::Cause& cause, std::optional<pkg::saga::Status> status,
                                                             int page_size, std::string_view page_token) const {
  return transactor_.run_for(cause, [&](UnitOfWork& unit) {
    return store_.list(unit, definitions_.name(), {.status = status}, static_cast<std::size_t>(page_size), page_token);
  });
}

}  // namespace cosec::app
