#pragma once

#include <cstdint>
#include <string>

#include "pkg/errors/error.hpp"

namespace depot::domain {

/// Why a shopping list says no, the first that applies. The word is the `code` that callers see.
enum class ShoppingListRejection : std::uint8_t {
  no_such_list,             ///< there is no shopping list of this id or for this order
  shopping_list_canceled,   ///< a canceled list is not made again and not gone shopping with
  shopping_list_completed,  ///< what is picked is not canceled
  list_not_available,       ///< only an available list is assigned
  list_not_assigned,        ///< only an assigned list is completed
  no_such_bot,              ///< no bot of this id is registered
  bot_not_idle,             ///< a bot picks one list at a time
  list_empty,               ///< a list has at least one item
  quantity_out_of_range,    ///< of each product 1 to 1 000 000 pieces are picked
};

/// A rejection with what a person needs to know of it.
struct ShoppingListRejected {
  ShoppingListRejection reason;
  std::string detail;
};

pkg::errors::Error to_error(const ShoppingListRejected& rejected);

}  // namespace depot::domain
