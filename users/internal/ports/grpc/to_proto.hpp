#pragma once

#include "users/internal/app/app.hpp"
#include "users/userspb/api.pb.h"

namespace users::ports {

google::protobuf::Timestamp to_proto(pkg::clock::TimePoint time);
mallbots::users::v1::User to_proto(const app::FoundUser& found);
mallbots::users::v1::Session to_proto(const app::Session& session);

}  // namespace users::ports
