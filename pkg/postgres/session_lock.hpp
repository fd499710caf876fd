#pragma once
// A lock that one process of many holds, for as long as it lives: who may act for a database.

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "pkg/errors/error.hpp"
#include "pkg/postgres/connection.hpp"

namespace pkg::postgres {

/// An advisory lock of the database that is connected to, on a connection of its own. The server frees it when the connection ends,
/// so it passes on when its holder dies; a holder that is cut off from the network loses it within half a minute. Whoever waits for it, or
/// is refused it, makes himself heard to the holder, each time.
class SessionLock {
 public:
  /// Nothing where somebody else holds it and does not let go of it within the patience, which is less than the settings'
  /// statement_timeout; who waits has the lock at the moment at which it becomes free. Fails with `unavailable` or `internal`.
  static errors::Result<std::optional<SessionLock>> try_acquire(const ConnectionSettings& settings, std::string_view name,
                                                                std::chrono::milliseconds patience = std::chrono::milliseconds{0});

  /// False once the connection is known to be lost: somebody else may hold the lock now. Sends nothing, so a cut cable is noticed late;
  /// what must never happen twice needs a guard in the data as well.
  bool held() { return connection_->is_usable(); }
  /// Waits until somebody else wants the lock, it is lost, `interrupt` (a descriptor) can be read, or the time is over, whichever is first,
  /// and costs nothing meanwhile. True where somebody wanted it since this was last called; asks are told together.
  bool await_others(std::chrono::milliseconds at_most, int interrupt);

 private:
  SessionLock(std::unique_ptr<Connection> connection, std::string_view name) : connection_(std::move(connection)), name_(name) {}
  static errors::Result<std::optional<SessionLock>> acquired(std::unique_ptr<Connection> connection, std::string_view name);

  std::unique_ptr<Connection> connection_;
  std::string name_;
};

}  // namespace pkg::postgres
