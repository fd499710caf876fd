#pragma once
// What a service does with the messages that reach it.

#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "pkg/errors/error.hpp"
#include "pkg/messaging/message.hpp"
#include "pkg/uow/unit_of_work.hpp"

namespace pkg::messaging {

/// A handler's effect and the record that its message was handled commit together. It may run more than once for one message
/// (rolled back in between), so it has no effect but through the unit. A failure parks the message: a retryable kind is tried
/// again with back-off, `malformed` is dead at once.
using Handler = std::function<errors::Result<>(uow::UnitOfWork&, const Message&)>;

/// Hears of the messages, two or more, that a unit of work is about to handle, so that what their handlers would each ask the database is
/// asked once. It only reads: it hears neither of every message, nor only of those that are handled in the end. Where it fails the unit
/// does, and each message is handled by itself, unannounced.
using Announced = std::function<errors::Result<>(uow::UnitOfWork&, std::span<const Message* const>)>;

/// Which handler takes which message type. Filled before the consumer starts, then only read.
class Handlers {
 public:
  void on(std::string type, Handler handler) { handlers_.insert_or_assign(std::move(type), std::move(handler)); }

  /// The same for a payload that is parsed first; P is a generated protobuf message.
  template <class P, class F>
  void on(F handler) {
    on(std::string(P::descriptor()->full_name()),
       [handler = std::move(handler)](uow::UnitOfWork& unit, const Message& message) -> errors::Result<> {
         P payload;
         if (!payload.ParseFromString(message.payload)) {
           return errors::fail(errors::ErrorKind::malformed, "undecodable_payload",
                               "The payload of " + message.type + " cannot be decoded.");
         }
         return handler(unit, message, payload);
       });
  }

  /// Whoever wants to hear first; one for a service.
  void announce_to(Announced announced) { announced_ = std::move(announced); }
  /// Null where nobody does.
  const Announced& announced() const { return announced_; }

  std::vector<std::string_view> types() const {
    std::vector<std::string_view> types;
    for (const auto& [type, handler] : handlers_) types.push_back(type);
    return types;
  }

  /// Null where nobody here wants the type: such a message is acknowledged and has no effect.
  const Handler* find(std::string_view type) const {
    const auto found = handlers_.find(type);
    return found == handlers_.end() ? nullptr : &found->second;
  }

 private:
  std::map<std::string, Handler, std::less<>> handlers_;
  Announced announced_;
};

}  // namespace pkg::messaging
