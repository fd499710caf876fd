#include "payments/internal/app/commands/record_authorization.hpp"

#include "payments/internal/app/gateway_keys.hpp"

namespace payments::app {

pkg::errors::Result<domain::Payment> RecordAuthorizationHandler::operator()(pkg::uow::UnitOfWork& unit,
                                                                            const domain::Authorization& command) const {
  tasks_.take_back(unit, release_key(command.payment));
  return changes_.record(unit, {}, domain::authorize(command));
}

}  // namespace payments::app
