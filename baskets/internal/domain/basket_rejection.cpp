#include "baskets/internal/domain/basket_rejection.hpp"

#include <utility>

namespace baskets::domain {
namespace {

using pkg::errors::ErrorKind;

struct Description {
  ErrorKind kind;
  const char* code;
  const char* field = "";
};

Description describe(BasketRejection reason) {
  switch (reason) {
    case BasketRejection::no_such_basket: return {ErrorKind::not_found, "no_such_basket"};
    case BasketRejection::not_your_basket: return {ErrorKind::forbidden, "not_your_basket"};
    case BasketRejection::basket_not_open: return {ErrorKind::conflict, "basket_not_open"};
    case BasketRejection::quantity_out_of_range: return {ErrorKind::rejected, "quantity_out_of_range", "quantity"};
    case BasketRejection::product_not_sold: return {ErrorKind::rejected, "product_not_sold", "productId"};
    case BasketRejection::store_not_participating: return {ErrorKind::rejected, "store_not_participating"};
    case BasketRejection::item_not_in_basket: return {ErrorKind::not_found, "item_not_in_basket"};
    case BasketRejection::currency_mismatch: return {ErrorKind::rejected, "currency_mismatch"};
    case BasketRejection::total_too_large: return {ErrorKind::rejected, "total_too_large"};
    case BasketRejection::basket_empty: return {ErrorKind::rejected, "basket_empty"};
    case BasketRejection::payment_required: return {ErrorKind::rejected, "payment_required", "paymentId"};
    case BasketRejection::price_changed: return {ErrorKind::rejected, "price_changed"};
  }
  std::unreachable();
}

}  // namespace

pkg::errors::Error to_error(const BasketRejected& rejected) {
  const auto [kind, code, field] = describe(rejected.reason);
  return {kind, code, rejected.detail, field};
}

}  // namespace baskets::domain
