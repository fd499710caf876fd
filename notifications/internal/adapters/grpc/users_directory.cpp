#include "notifications/internal/adapters/grpc/users_directory.hpp"

#include "users/userspb/api.pb.h"

namespace notifications::adapters::grpc {

namespace pb = mallbots::users::v1;
using pkg::errors::ErrorKind;

pkg::errors::Result<std::optional<app::PersonFact>> UsersDirectory::look_up(const pkg::uow::Cause& cause, const domain::UserId& user) {
  pb::GetUserRequest request;
  request.set_id(user.to_string());
  const auto found = users_.call<pb::GetUserRequest, pb::User>("mallbots.users.v1.UsersService.GetUser", request, {.cause = cause});
  if (!found && found.error().kind == ErrorKind::not_found) return std::optional<app::PersonFact>{};
  if (!found) return pkg::errors::pass_on(found);
  if (found->email().empty()) return pkg::errors::fail(ErrorKind::internal, "unreadable_answer", "users answered without an address.");
  return std::optional(app::PersonFact{user, found->username(), found->email(), found->version()});
}

}  // namespace notifications::adapters::grpc
