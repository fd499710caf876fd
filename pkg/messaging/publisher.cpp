#include "pkg/messaging/publisher.hpp"

#include <google/protobuf/message_lite.h>

namespace pkg::messaging {

void Publisher::event(uow::UnitOfWork& unit, std::string_view channel, std::string_view subject, std::uint64_t version,
                      const google::protobuf::MessageLite& payload) {
  const auto& cause = unit.cause();
  Message message;
  message.id = ids_.next().to_string();
  message.type = payload.GetTypeName();
  message.source = source_;
  message.subject = subject;
  message.channel = channel;
  message.key = subject;
  message.time = clock_.now();
  message.aggregate_version = version;
  message.correlation_id = cause.correlation_id;
  message.causation_id = cause.causation_id;
  message.traceparent = cause.traceparent;
  payload.SerializeToString(&message.payload);
  outbox_.add(unit, std::move(message));
}

}  // namespace pkg::messaging
