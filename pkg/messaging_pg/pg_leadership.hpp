#pragma once

#include <optional>
#include <string>

#include "pkg/messaging/pump/leadership.hpp"
#include "pkg/postgres/connection.hpp"
#include "pkg/postgres/session_lock.hpp"

namespace pkg::messaging_pg {

/// By an advisory lock: whoever holds it leads, and when its connection ends another may. While a leader that was cut off has not
/// noticed, two may act for a moment; the inbox keeps that from having an effect twice.
class PgLeadership final : public messaging::Leadership {
 public:
  explicit PgLeadership(postgres::ConnectionSettings settings, std::string name = "messaging") : settings_(std::move(settings)), name_(std::move(name)) {}

  bool hold() override;
  void release() override { lock_.reset(); }

 private:
  const postgres::ConnectionSettings settings_;
  const std::string name_;
  std::optional<postgres::SessionLock> lock_;
};

}  // namespace pkg::messaging_pg
