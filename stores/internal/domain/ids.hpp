#pragma once

#include "pkg/ids/id.hpp"

namespace stores::domain {

using StoreId = pkg::ids::Id<struct StoreIdTag>;
using ProductId = pkg::ids::Id<struct ProductIdTag>;
using UserId = pkg::ids::Id<struct UserIdTag>;
using OrderId = pkg::ids::Id<struct OrderIdTag>;

/// Who acts. An operator may do everything that an owner may.
struct Actor {
  UserId user;
  bool is_operator = false;
};

}  // namespace stores::domain
