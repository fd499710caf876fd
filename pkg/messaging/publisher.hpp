#pragma once

#include <string>
#include <string_view>

#include "pkg/clock/clock.hpp"
#include "pkg/ids/uuid.hpp"
#include "pkg/messaging/outbox.hpp"

namespace google::protobuf {
class MessageLite;
}

namespace pkg::messaging {

/// Wraps payloads into messages of one service and puts them into its outbox: new id, present time, the unit's cause.
class Publisher {
 public:
  /// All of them outlive this. `source` names the service: "/mallbots/baskets".
  Publisher(Outbox& outbox, ids::IdSource& ids, const clock::Clock& clock, std::string_view source)
      : outbox_(outbox), ids_(ids), clock_(clock), source_(source) {}

  /// Something happened to the aggregate `subject`, which is at `version` after it. Its messages are handled in the order of their
  /// versions.
  void event(uow::UnitOfWork& unit, std::string_view channel, std::string_view subject, std::uint64_t version,
             const google::protobuf::MessageLite& payload);

 private:
  Outbox& outbox_;
  ids::IdSource& ids_;
  const clock::Clock& clock_;
  std::string source_;
};

}  // namespace pkg::messaging
