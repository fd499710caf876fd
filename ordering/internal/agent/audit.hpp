#pragma once
// Ordering's part in an audit of the mall.

#include <map>
#include <string>
#include <vector>

#include "pkg/clock/clock.hpp"
#include "pkg/errors/error.hpp"
#include "pkg/es_pg/read_model.hpp"
#include "pkg/ids/uuid.hpp"
#include "pkg/uow/unit_of_work.hpp"

namespace ordering::agent {

struct OrderStep {
  std::string status;
  pkg::clock::TimePoint at;
};

struct OrderBooks {
  pkg::es_pg::ReadModel orders;                                 ///< as their events give them and as they are listed
  std::map<pkg::ids::Uuid, std::vector<OrderStep>> histories{};  ///< oldest first, of those events that can be read
};

/// Fails with `unavailable`.
pkg::errors::Result<OrderBooks> audit_orders(pkg::uow::UnitOfWork& unit);

}  // namespace ordering::agent
