#include "users/internal/ports/handlers/integration_events.hpp"

#include "pkg/rpc/read.hpp"
#include "stores/storespb/messages.pb.h"

namespace users::ports {

using pkg::errors::pass_on;
using pkg::errors::Result;
using pkg::messaging::Message;
using pkg::uow::UnitOfWork;

void handle_integration_events(pkg::messaging::Handlers& handlers, const app::Application& app) {
  handlers.on<mallbots::stores::v1::StoreCreated>(
      [&app](UnitOfWork& unit, const Message&, const mallbots::stores::v1::StoreCreated& event) -> Result<> {
        const auto owner = pkg::rpc::read_id<domain::UserId>(event.owner_id(), "owner_id");
        if (!owner) return pass_on(owner);
        const auto granted = app.grant_role(unit, {*owner, std::string(to_word(domain::Role::owner)), {}});
        if (!granted) return pass_on(granted);
        return {};
      });
}

}  // namespace users::ports
