#pragma once
// A service as a process runs it: made from its settings, started, drained and stopped. One process may run several.

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "pkg/agent/supervision.hpp"
#include "pkg/clock/clock.hpp"
#include "pkg/config/spec.hpp"
#include "pkg/errors/error.hpp"
#include "pkg/ids/uuid.hpp"
#include "pkg/log/logger.hpp"
#include "pkg/log/stream_output.hpp"
#include "pkg/messaging/broker.hpp"

namespace pkg::agent {

/// What all agents of a process share; outlives them.
struct Process {
  const clock::Clock& clock;
  ids::IdSource& ids;
  log::Output& log;
  /// Makes each agent's way to the event server; empty: as its settings say.
  std::function<std::unique_ptr<messaging::Broker>()> broker = {};
  /// Services that are not among them open their HTTP port themselves.
  PassedSockets sockets = {};
};

/// What a service hears of the others: messages of these types on these channels. The rest of a channel is acknowledged unread.
struct Subscriptions {
  std::vector<std::string> channels;
  std::vector<std::string> types;  ///< full names of protobuf messages
};

/// Where a service is reached; 0 is none yet.
struct Ports {
  std::uint16_t http = 0;
  std::uint16_t grpc = 0;
};

/// stop() is called before it is destroyed.
class Agent {
 public:
  virtual ~Agent() = default;

  /// Returns when the service is at work: its database migrated, its ports open. While a part is away it waits for it and goes on
  /// trying, until a stop is requested. Fails where trying again would not help: a port that is taken, a migration that is refused.
  virtual errors::Result<> start(std::stop_token stop) = 0;

  /// Takes nothing new, finishes what is under way, and returns at the deadline at the latest.
  virtual void stop(std::chrono::steady_clock::time_point deadline) = 0;

  /// Those that are open, once start() has returned.
  virtual Ports ports() const = 0;

  /// Known before start().
  virtual Subscriptions subscriptions() const = 0;
};

/// A service before it is configured. Outlives the agent it builds.
class Blueprint {
 public:
  virtual ~Blueprint() = default;
  virtual std::string_view service() const = 0;
  /// The text of its app.env.
  virtual std::string_view defaults() const = 0;
  virtual void declare(config::Spec& spec) = 0;
  /// After the settings are read.
  virtual std::unique_ptr<Agent> build(const Process& process) = 0;
  virtual std::chrono::milliseconds stop_within() const = 0;
  virtual log::Format log_format() const = 0;
};

}  // namespace pkg::agent
