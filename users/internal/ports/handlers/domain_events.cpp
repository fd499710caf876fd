#include "users/internal/ports/handlers/domain_events.hpp"

#include <variant>

#include "users/internal/constants/names.hpp"
#include "users/userspb/messages.pb.h"

namespace users::ports {
namespace {

namespace pb = mallbots::users::v1;

struct Tell {
  pkg::messaging::Publisher& publisher;
  pkg::uow::UnitOfWork& unit;
  const std::string id;
  pkg::es::Version version;

  void operator()(const domain::UserRegistered& event) const {
    auto message = about_user<pb::UserRegistered>();
    message.set_username(event.username);
    message.set_email(event.email);
    publish(message);
  }
  void operator()(const domain::UserEnabled&) const { publish(about_user<pb::UserEnabled>()); }
  void operator()(const domain::UserDisabled&) const { publish(about_user<pb::UserDisabled>()); }
  void operator()(const domain::UserEmailChanged& event) const {
    auto message = about_user<pb::UserEmailChanged>();
    message.set_email(event.email);
    publish(message);
  }
  void operator()(const domain::UserPasswordChanged&) const {}
  void operator()(const domain::UserRoleGranted& event) const {
    auto message = about_user<pb::UserRoleGranted>();
    message.set_role(std::string(to_word(event.role)));
    publish(message);
  }
  void operator()(const domain::UserRoleRevoked& event) const {
    auto message = about_user<pb::UserRoleRevoked>();
    message.set_role(std::string(to_word(event.role)));
    publish(message);
  }

  template <class P>
  P about_user() const {
    P message;
    message.set_user_id(id);
    return message;
  }
  void publish(const google::protobuf::MessageLite& message) const { publisher.event(unit, constants::user_events, id, version, message); }
};

}  // namespace

void PublishedUserNews::tell(pkg::uow::UnitOfWork& unit, const domain::UserId& id, const app::LoadedUser& after,
                             std::span<const domain::UserEvent> events) {
  pkg::es::Version version = after.version - events.size();
  for (const auto& event : events) std::visit(Tell{publisher_, unit, id.to_string(), ++version}, event);
}

}  // namespace users::ports
