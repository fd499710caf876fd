#include "ordering/internal/domain/order_rejection.hpp"

#include <utility>

namespace ordering::domain {
namespace {

using pkg::errors::ErrorKind;

struct Description {
  ErrorKind kind;
  const char* code;
};

Description describe(OrderRejection reason) {
  switch (reason) {
    case OrderRejection::no_such_order: return {ErrorKind::not_found, "no_such_order"};
    case OrderRejection::not_your_order: return {ErrorKind::forbidden, "not_your_order"};
    case OrderRejection::order_empty: return {ErrorKind::rejected, "order_empty"};
    case OrderRejection::order_not_pending: return {ErrorKind::conflict, "order_not_pending"};
    case OrderRejection::order_not_cancelable: return {ErrorKind::conflict, "order_not_cancelable"};
    case OrderRejection::order_not_ready: return {ErrorKind::conflict, "order_not_ready"};
  }
  std::unreachable();
}

}  // namespace

pkg::errors::Error to_error(const Refusal& rejected) {
  const auto [kind, code] = describe(rejected.reason);
  return {kind, code, rejected.detail, {}};
}

}  // namespace ordering::domain
