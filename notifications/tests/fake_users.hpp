#pragma once
// The users service over real gRPC, as far as notifications asks it: sign-in of services, and people.

#include <gtest/gtest.h>

#include <atomic>
#include <map>
#include <mutex>

#include <google/protobuf/util/time_util.h>

#include "pkg/clock/clock.hpp"
#include "pkg/grpc/server.hpp"
#include "pkg/ids/id_sources.hpp"
#include "users/userspb/api.pb.h"

namespace notifications::tests {

class FakeUsers {
 public:
  static constexpr std::string_view secret = "the secret of all services";

  explicit FakeUsers(const pkg::clock::Clock& clock) : clock_(clock) {
    namespace pb = mallbots::users::v1;
    using pkg::errors::ErrorKind;
    service_.unary<pb::CreateServiceSessionRequest, pb::ServiceSession>(
        "CreateServiceSession",
        [this](const pkg::rpc::Call&, const pb::CreateServiceSessionRequest& request) -> pkg::errors::Result<pb::ServiceSession> {
          if (request.secret() != secret) return pkg::errors::fail(ErrorKind::unauthenticated, "wrong_secret", "Wrong.");
          pb::ServiceSession session;
          session.set_access_token(request.service() + " " + std::to_string(++sign_ins));
          *session.mutable_expires_at() =
              google::protobuf::util::TimeUtil::MicrosecondsToTimestamp(pkg::clock::unix_us(clock_.now() + std::chrono::minutes{15}));
          return session;
        });
    service_.unary<pb::GetUserRequest, pb::User>(
        "GetUser", [this](const pkg::rpc::Call& call, const pb::GetUserRequest& request) -> pkg::errors::Result<pb::User> {
          if (!call.caller.has_role("service")) return pkg::errors::fail(ErrorKind::forbidden, "not_you", "Not you.");
          const auto found = people.find(request.id());
          if (found == people.end()) return pkg::errors::fail(ErrorKind::not_found, "no_such_user", "There is no such user.");
          return found->second;
        });
    leave_out<pb::RegisterUserRequest, pb::RegisterUserResponse>("RegisterUser");
    leave_out<pb::CreateSessionRequest, pb::Session>("CreateSession");
    leave_out<pb::RefreshSessionRequest, pb::Session>("RefreshSession");
    leave_out<pb::RevokeSessionRequest, pb::RevokeSessionResponse>("RevokeSession");
    leave_out<pb::GetMeRequest, pb::User>("GetMe");
    leave_out<pb::UpdateMeRequest, pb::User>("UpdateMe");
    leave_out<pb::EnableUserRequest, pb::User>("EnableUser");
    leave_out<pb::DisableUserRequest, pb::User>("DisableUser");
    leave_out<pb::GrantRoleRequest, pb::User>("GrantRole");
    leave_out<pb::RevokeRoleRequest, pb::User>("RevokeRole");
    leave_out<pb::GetJwksRequest, pb::Jwks>("GetJwks");
    const pkg::rpc::Authenticator authenticate = [](std::string_view token) -> pkg::errors::Result<pkg::rpc::Caller> {
      return pkg::rpc::Caller{std::string(token), {"service"}};
    };
    const pkg::rpc::Service* services[] = {&service_};
    auto started = pkg::grpc::Server::start({.known_roles = {"operator"}}, services, {authenticate, workers_, ids_});
    if (!started) {
      ADD_FAILURE() << started.error().detail;
      return;
    }
    server_ = std::move(*started);
  }

  std::string address() const { return "127.0.0.1:" + std::to_string(server_->port()); }

  std::map<std::string, mallbots::users::v1::User> people;  ///< by id; filled before it is asked
  std::atomic<int> sign_ins = 0;

 private:
  template <class Request, class Response>
  void leave_out(std::string_view name) {
    service_.unary<Request, Response>(name, [](const pkg::rpc::Call&, const Request&) -> pkg::errors::Result<Response> {
      return pkg::errors::fail(pkg::errors::ErrorKind::internal, "not_here", "Not in this fake.");
    });
  }

  const pkg::clock::Clock& clock_;
  pkg::ids::CountingIds ids_;
  pkg::rpc::Workers workers_{"users", {.threads = 1, .queue_limit = 16}};
  pkg::rpc::Service service_{"mallbots.users.v1.UsersService"};
  std::unique_ptr<pkg::grpc::Server> server_;
};

}  // namespace notifications::tests
