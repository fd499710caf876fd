#include "notifications/internal/adapters/grpc/service_session.hpp"

#include <google/protobuf/util/time_util.h>

#include "users/userspb/api.pb.h"

namespace notifications::adapters::grpc {

namespace pb = mallbots::users::v1;

pkg::errors::Result<std::string> ServiceSession::token() {
  constexpr auto margin = std::chrono::seconds{30};
  const std::scoped_lock lock(mutex_);
  if (clock_.now() < renew_at_) return token_;
  pb::CreateServiceSessionRequest request;
  request.set_service(service_);
  request.set_secret(secret_.reveal());
  const auto session =
      users_.call<pb::CreateServiceSessionRequest, pb::ServiceSession>("mallbots.users.v1.UsersService.CreateServiceSession", request);
  if (!session) return pkg::errors::pass_on(session);
  token_ = session->access_token();
  renew_at_ = pkg::clock::from_unix_us(google::protobuf::util::TimeUtil::TimestampToMicroseconds(session->expires_at())) - margin;
  return token_;
}

}  // namespace notifications::adapters::grpc
