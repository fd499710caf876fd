#pragma once
// What operators hear of the traffic. The agent exports it as metrics and log lines.

#include <chrono>
#include <cstddef>
#include <string_view>

#include "pkg/messaging/message.hpp"

namespace pkg::messaging {

enum class Handling {
  handled,    ///< its effect is committed
  unwanted,   ///< nobody here handles its type
  doubled,    ///< it had been handled before
  parked,     ///< it failed, and waits to be tried again
  queued,     ///< it waits behind one of its key that is parked
  recovered,  ///< it had been parked and is handled now
  dead,       ///< it waits for an operator
};

/// The way of a message from one commit to the next.
enum class Hop {
  publish,  ///< from the commit that wrote it, in this process, until the broker has confirmed it
  broker,   ///< from the broker's having it until it is here; the broker's clock is compared with ours
  queue,    ///< from then until a lane takes it up
  handler,  ///< of a batch: from then until its effect is committed
};

// What parts of messaging need, as MessagingListener hears of it.
inline constexpr std::string_view the_database = "the database";
inline constexpr std::string_view the_broker = "the broker";

/// Called on the threads that do the work: must be quick, must not throw. All calls do nothing unless overridden.
class MessagingListener {
 public:
  virtual ~MessagingListener() = default;
  /// Called after the commit. An undecodable message has no type.
  virtual void handled(const Message& /*message*/, Handling /*handling*/) {}
  /// A message failed; `why` is for people, of programs' errors the code and detail.
  virtual void failed(const Message& /*message*/, std::string_view /*why*/) {}
  /// One message, or where it says so one batch, took so long on a part of its way. Nothing is said of one that came again or that was
  /// found by a sweep.
  virtual void took(Hop /*hop*/, std::chrono::nanoseconds /*time*/) {}
  /// So many messages were handled together.
  virtual void handled_together(std::size_t /*messages*/) {}
  /// A part lost what it needs, or has it again: "relay", the_database, false. Once per change, not per failure; all is there at first.
  virtual void reaches(std::string_view /*who*/, std::string_view /*what*/, bool /*well*/) {}
  /// Something happened that operators want to know, in a sentence: "relay", "the broker lost messages and is filled again".
  virtual void noted(std::string_view /*who*/, std::string_view /*what*/) {}
};

/// For those who do not care.
MessagingListener& silent_listener();

}  // namespace pkg::messaging
