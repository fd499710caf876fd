#pragma once

#include "pkg/ids/id.hpp"

namespace depot::domain {

using ShoppingListId = pkg::ids::Id<struct ShoppingListIdTag>;
using BotId = pkg::ids::Id<struct BotIdTag>;
using OrderId = pkg::ids::Id<struct OrderIdTag>;
using StoreId = pkg::ids::Id<struct StoreIdTag>;
using ProductId = pkg::ids::Id<struct ProductIdTag>;

}  // namespace depot::domain
