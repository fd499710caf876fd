#pragma once
// Ordering's part in an audit of the mall.

#include <map>
#include <optional>
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

/// What the events alone say of an order.
struct OrderTold {
  std::optional<std::string> items{};   ///< "<product> of <store> x2 at 690; …"; nothing where the first event cannot be read
  std::optional<std::string> pieces{};  ///< "<product> x3; …", summed, by product
  std::vector<OrderStep> history{};     ///< oldest first, of those events that can be read
};

struct OrderBooks {
  pkg::es_pg::ReadModel orders;  ///< as their events give them and as they are listed
  std::map<pkg::ids::Uuid, OrderTold> told{};
};

/// Fails with `unavailable`.
pkg::errors::Result<OrderBooks> audit_orders(pkg::uow::UnitOfWork& unit);

}  // namespace ordering::agent
