#pragma once
// The part of baskets in an audit of the mall.

#include <cstdint>
#include <string>
#include <vector>

#include "pkg/clock/clock.hpp"
#include "pkg/errors/error.hpp"
#include "pkg/es_pg/read_model.hpp"
#include "pkg/ids/uuid.hpp"
#include "pkg/uow/unit_of_work.hpp"

namespace baskets::agent {

/// What an order was promised for.
struct CheckedOutBasket {
  pkg::ids::Uuid id{};
  pkg::ids::Uuid user{};
  pkg::ids::Uuid payment{};
  std::string currency{};
  std::int64_t total_minor = 0;
  std::string items{};  ///< "<product> of <store> x2 at 690; …", in the basket's order
  pkg::clock::TimePoint at{};
};

struct BasketBooks {
  std::vector<CheckedOutBasket> checked_out;
  pkg::es_pg::ReadModel open;  ///< the open ones as the events give them and as expiry knows them
};

/// Fails with `unavailable`.
pkg::errors::Result<BasketBooks> audit_baskets(pkg::uow::UnitOfWork& unit);

}  // namespace baskets::agent
