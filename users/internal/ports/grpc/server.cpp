#include "users/internal/ports/grpc/server.hpp"

#include "pkg/json/json.hpp"
#include "pkg/rpc/read.hpp"
#include "users/internal/constants/names.hpp"
#include "users/internal/ports/grpc/to_proto.hpp"

namespace users::ports {
namespace {

namespace pb = mallbots::users::v1;
using domain::UserId;
using pkg::errors::pass_on;
using pkg::errors::Result;
using pkg::rpc::Call;
using pkg::rpc::read_caller;
using pkg::rpc::read_id;

Result<domain::Actor> read_actor(const Call& call) {
  if (call.caller.has_role(constants::service_role)) return domain::Actor{std::nullopt, false, true};
  const auto user = read_caller<UserId>(call.caller);
  if (!user) return pass_on(user);
  return domain::Actor{*user, call.caller.has_role(to_word(domain::Role::mall_operator)), false};
}

Result<pb::User> answer(const app::Changed& changed) {
  if (!changed) return pass_on(changed);
  return to_proto(*changed);
}

Result<pb::Session> answer(const Result<app::Session>& session) {
  if (!session) return pass_on(session);
  return to_proto(*session);
}

class Calls {
 public:
  Calls(app::Application& app, pkg::ids::IdSource& ids, PublicKeys keys) : app_(app), ids_(ids), keys_(std::move(keys)) {}

  Result<pb::RegisterUserResponse> register_user(const Call& call, const pb::RegisterUserRequest& request) const {
    const auto user = app_.register_user(call.cause, {UserId::make(ids_), request.username(), request.email(), request.password()});
    if (!user) return pass_on(user);
    pb::RegisterUserResponse response;
    response.set_id(user->id.to_string());
    return response;
  }

  Result<pb::Session> create_session(const Call& call, const pb::CreateSessionRequest& request) const {
    return answer(app_.sign_in(call.cause, {domain::SessionId::make(ids_), request.username(), request.password()}));
  }
  Result<pb::Session> refresh_session(const Call& call, const pb::RefreshSessionRequest& request) const {
    return answer(app_.refresh_session(call.cause, request.refresh_token()));
  }
  Result<pb::RevokeSessionResponse> revoke_session(const Call& call, const pb::RevokeSessionRequest& request) const {
    if (auto revoked = app_.revoke_session(call.cause, request.refresh_token()); !revoked) return pass_on(revoked);
    return pb::RevokeSessionResponse();
  }
  Result<pb::ServiceSession> create_service_session(const Call&, const pb::CreateServiceSessionRequest& request) const {
    const auto token = app_.sign_in_service(request.service(), request.secret());
    if (!token) return pass_on(token);
    pb::ServiceSession response;
    response.set_access_token(token->text);
    *response.mutable_expires_at() = to_proto(token->expires_at);
    return response;
  }

  Result<pb::User> get_me(const Call& call, const pb::GetMeRequest&) const {
    const auto user = read_caller<UserId>(call.caller);
    if (!user) return pass_on(user);
    return answer(app_.get_user(call.cause, {*user, {*user}}));
  }
  Result<pb::User> update_me(const Call& call, const pb::UpdateMeRequest& request) const {
    const auto user = read_caller<UserId>(call.caller);
    if (!user) return pass_on(user);
    app::UpdateUser command{*user, {}, {}, {}, call.if_match};
    if (request.has_email()) command.email = request.email();
    if (request.has_current_password()) command.current_password = request.current_password();
    if (request.has_new_password()) command.new_password = request.new_password();
    return answer(app_.update_user(call.cause, command));
  }
  Result<pb::User> get_user(const Call& call, const pb::GetUserRequest& request) const {
    const auto actor = read_actor(call);
    if (!actor) return pass_on(actor);
    const auto user = read_id<UserId>(request.id(), "id");
    if (!user) return pass_on(user);
    return answer(app_.get_user(call.cause, {*user, *actor}));
  }

  Result<pb::User> enable_user(const Call& call, const pb::EnableUserRequest& request) const {
    const auto user = read_id<UserId>(request.id(), "id");
    if (!user) return pass_on(user);
    return answer(app_.enable_user(call.cause, {*user, call.if_match}));
  }
  Result<pb::User> disable_user(const Call& call, const pb::DisableUserRequest& request) const {
    const auto user = read_id<UserId>(request.id(), "id");
    if (!user) return pass_on(user);
    return answer(app_.disable_user(call.cause, {*user, call.if_match}));
  }
  Result<pb::User> grant_role(const Call& call, const pb::GrantRoleRequest& request) const {
    const auto user = read_id<UserId>(request.id(), "id");
    if (!user) return pass_on(user);
    return answer(app_.grant_role(call.cause, {*user, request.role(), call.if_match}));
  }
  Result<pb::User> revoke_role(const Call& call, const pb::RevokeRoleRequest& request) const {
    const auto user = read_id<UserId>(request.id(), "id");
    if (!user) return pass_on(user);
    return answer(app_.revoke_role(call.cause, {*user, request.role(), call.if_match}));
  }

  Result<pb::Jwks> get_jwks(const Call&, const pb::GetJwksRequest&) const {
    const auto text = keys_();
    if (!text) return pass_on(text);
    pb::Jwks response;
    if (auto read = pkg::json::read(*text, response); !read) {
      return pkg::errors::fail(pkg::errors::ErrorKind::internal, "jwks_unreadable",
                               "The public keys cannot be shown: " + read.error().detail);
    }
    return response;
  }

 private:
  app::Application& app_;
  pkg::ids::IdSource& ids_;
  PublicKeys keys_;
};

}  // namespace

pkg::rpc::Service users_service(app::Application& app, pkg::ids::IdSource& ids, PublicKeys keys) {
  const Calls calls(app, ids, std::move(keys));
  return pkg::rpc::Service("mallbots.users.v1.UsersService")
      .unary("RegisterUser", calls, &Calls::register_user)
      .unary("CreateSession", calls, &Calls::create_session)
      .unary("RefreshSession", calls, &Calls::refresh_session)
      .unary("RevokeSession", calls, &Calls::revoke_session)
      .unary("GetMe", calls, &Calls::get_me)
      .unary("UpdateMe", calls, &Calls::update_me)
      .unary("GetUser", calls, &Calls::get_user)
      .unary("EnableUser", calls, &Calls::enable_user)
      .unary("DisableUser", calls, &Calls::disable_user)
      .unary("GrantRole", calls, &Calls::grant_role)
      .unary("RevokeRole", calls, &Calls::revoke_role)
      .unary("GetJwks", calls, &Calls::get_jwks)
      .unary("CreateServiceSession", calls, &Calls::create_service_session);
}

}  // namespace users::ports
