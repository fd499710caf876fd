#include "depot/internal/domain/shopping_list_rejection.hpp"

#include <utility>

namespace depot::domain {
namespace {

using pkg::errors::ErrorKind;

struct Description {
  ErrorKind kind;
  const char* code;
};

Description describe(ShoppingListRejection reason) {
  switch (reason) {
    case ShoppingListRejection::no_such_list: return {ErrorKind::not_found, "no_such_list"};
    case ShoppingListRejection::shopping_list_canceled: return {ErrorKind::conflict, "shopping_list_canceled"};
    case ShoppingListRejection::shopping_list_completed: return {ErrorKind::conflict, "shopping_list_completed"};
    case ShoppingListRejection::list_not_available: return {ErrorKind::conflict, "list_not_available"};
    case ShoppingListRejection::list_not_assigned: return {ErrorKind::conflict, "list_not_assigned"};
    case ShoppingListRejection::no_such_bot: return {ErrorKind::rejected, "no_such_bot"};
    case ShoppingListRejection::bot_not_idle: return {ErrorKind::conflict, "bot_not_idle"};
    case ShoppingListRejection::list_empty: return {ErrorKind::rejected, "list_empty"};
    case ShoppingListRejection::quantity_out_of_range: return {ErrorKind::rejected, "quantity_out_of_range"};
  }
  std::unreachable();
}

}  // namespace

pkg::errors::Error to_error(const ShoppingListRejected& rejected) {
  const auto [kind, code] = describe(rejected.reason);
  return {kind, code, rejected.detail, {}};
}

}  // namespace depot::domain
