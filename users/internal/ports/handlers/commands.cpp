#include "users/internal/ports/handlers/commands.hpp"

#include "pkg/rpc/read.hpp"
#include "users/userspb/messages.pb.h"

namespace users::ports {

namespace pb = mallbots::users::v1;
using pkg::errors::pass_on;
using pkg::errors::Result;
using pkg::messaging::Message;
using pkg::uow::UnitOfWork;

void handle_commands(pkg::messaging::Handlers& handlers, const app::Application& app, const pkg::saga::Replies& replies) {
  pkg::saga::on_command<pb::AuthorizeUser>(handlers, replies,
                                           [&app](UnitOfWork& unit, const Message&, const pb::AuthorizeUser& command) -> Result<> {
                                             const auto user = pkg::rpc::read_id<domain::UserId>(command.user_id(), "user_id");
                                             if (!user) return pass_on(user);
                                             return app.authorize_user(unit, {*user});
                                           });
}

}  // namespace users::ports
