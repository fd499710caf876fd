#pragma once
// A participant's side: handling a saga's command and answering it, in one unit of work.

#include <string>
#include <type_traits>
#include <utility>

#include "pkg/clock/clock.hpp"
#include "pkg/errors/error.hpp"
#include "pkg/ids/uuid.hpp"
#include "pkg/messaging/handlers.hpp"
#include "pkg/messaging/message.hpp"
#include "pkg/messaging/outbox.hpp"
#include "pkg/uow/unit_of_work.hpp"

namespace pkg::saga {

/// True for what the participant decided (the saga is told and compensates); false for what went wrong on the way to a decision (the
/// message is parked and tried again, the saga waits).
bool is_rejection(errors::ErrorKind kind);

/// Answers commands. Safe from any thread.
class Replies {
 public:
  /// `source` is the service's: "/mallbots/stores". The references must outlive it.
  Replies(messaging::Outbox& outbox, ids::IdSource& ids, const clock::Clock& clock, std::string source)
      : outbox_(outbox), ids_(ids), clock_(clock), source_(std::move(source)) {}

  /// A reply ready for the outbox. Fails with `malformed` where `command` is not a saga's.
  errors::Result<messaging::Message> success(const messaging::Message& command, std::string payload_type = {},
                                             std::string payload = {}) const;
  errors::Result<messaging::Message> failure(const messaging::Message& command, const errors::Error& error) const;

  /// Adds the reply to the outbox. An error that is no rejection is handed back instead, and then nothing is sent.
  errors::Result<> send_success(uow::UnitOfWork& unit, const messaging::Message& command, std::string payload_type = {},
                                std::string payload = {}) const;
  errors::Result<> send_failure(uow::UnitOfWork& unit, const messaging::Message& command, const errors::Error& error) const;

 private:
  errors::Result<messaging::Message> reply_to(const messaging::Message& command) const;

  messaging::Outbox& outbox_;
  ids::IdSource& ids_;
  const clock::Clock& clock_;
  const std::string source_;
};

/// Handles the command P of sagas: `handle(unit, message, payload)` returns Result<> or Result<R> with R a generated protobuf message that
/// later steps of the saga need. A rejection commits as a failure reply together with the inbox entry, so a handler decides before
/// it writes: what it wrote before it rejects would commit too. `replies` must outlive the handlers.
template <class P, class F>
void on_command(messaging::Handlers& handlers, const Replies& replies, F handle) {
  handlers.on<P>([&replies, handle = std::move(handle)](uow::UnitOfWork& unit, const messaging::Message& message,
                                                        const P& payload) -> errors::Result<> {
    auto result = handle(unit, message, payload);
    if (!result) return replies.send_failure(unit, message, result.error());
    using R = typename decltype(result)::value_type;
    if constexpr (std::is_void_v<R>) {
      return replies.send_success(unit, message);
    } else {
      return replies.send_success(unit, message, std::string(R::descriptor()->full_name()), result->SerializeAsString());
    }
  });
}

}  // namespace pkg::saga
