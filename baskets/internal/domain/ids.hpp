#pragma once

#include "pkg/ids/id.hpp"

namespace baskets::domain {

using BasketId = pkg::ids::Id<struct BasketIdTag>;  ///< the order made from a basket has the same id
using UserId = pkg::ids::Id<struct UserIdTag>;
using StoreId = pkg::ids::Id<struct StoreIdTag>;
using ProductId = pkg::ids::Id<struct ProductIdTag>;
using PaymentId = pkg::ids::Id<struct PaymentIdTag>;

}  // namespace baskets::domain
