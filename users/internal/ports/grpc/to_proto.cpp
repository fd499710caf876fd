#include "users/internal/ports/grpc/to_proto.hpp"

#include <google/protobuf/util/time_util.h>

#include <utility>

namespace users::ports {
namespace {

namespace pb = mallbots::users::v1;

pb::User::Status to_proto(domain::UserStatus status) {
  switch (status) {
    case domain::UserStatus::none: return pb::User::STATUS_UNSPECIFIED;
    case domain::UserStatus::registered: return pb::User::REGISTERED;
    case domain::UserStatus::enabled: return pb::User::ENABLED;
    case domain::UserStatus::disabled: return pb::User::DISABLED;
  }
  std::unreachable();
}

}  // namespace

google::protobuf::Timestamp to_proto(pkg::clock::TimePoint time) {
  return google::protobuf::util::TimeUtil::MicrosecondsToTimestamp(pkg::clock::unix_us(time));
}

pb::User to_proto(const app::FoundUser& found) {
  const auto& user = found.user.state;
  pb::User message;
  message.set_id(found.id.to_string());
  message.set_username(user.username);
  message.set_email(user.email);
  message.set_status(to_proto(user.status));
  for (const auto role : user.roles) message.add_roles(std::string(to_word(role)));
  *message.mutable_registered_at() = to_proto(user.registered_at);
  message.set_version(found.user.version);
  return message;
}

pb::Session to_proto(const app::Session& session) {
  pb::Session message;
  message.set_access_token(session.access.text);
  message.set_refresh_token(session.refresh_token);
  *message.mutable_expires_at() = to_proto(session.access.expires_at);
  *message.mutable_user() = to_proto(session.user);
  return message;
}

}  // namespace users::ports
