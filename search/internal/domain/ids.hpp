#pragma once

#include <cstdint>

#include "pkg/ids/id.hpp"

namespace search::domain {

using UserId = pkg::ids::Id<struct UserIdTag>;
using StoreId = pkg::ids::Id<struct StoreIdTag>;
using ProductId = pkg::ids::Id<struct ProductIdTag>;
using OrderId = pkg::ids::Id<struct OrderIdTag>;

/// How many events an aggregate of another service had when a fact about it held; 0 is before all of them.
using Version = std::uint64_t;

}  // namespace search::domain
