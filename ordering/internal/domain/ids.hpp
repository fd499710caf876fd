#pragma once

#include "pkg/ids/id.hpp"

namespace ordering::domain {

using OrderId = pkg::ids::Id<struct OrderIdTag>;  ///< that of the basket it was made from
using UserId = pkg::ids::Id<struct UserIdTag>;
using StoreId = pkg::ids::Id<struct StoreIdTag>;
using ProductId = pkg::ids::Id<struct ProductIdTag>;
using PaymentId = pkg::ids::Id<struct PaymentIdTag>;
using ShoppingListId = pkg::ids::Id<struct ShoppingListIdTag>;
using InvoiceId = pkg::ids::Id<struct InvoiceIdTag>;

}  // namespace ordering::domain
