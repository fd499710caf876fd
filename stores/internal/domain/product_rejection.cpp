#include "stores/internal/domain/product_rejection.hpp"

#include <utility>

namespace stores::domain {
namespace {

using pkg::errors::ErrorKind;

struct Description {
  ErrorKind kind;
  const char* code;
  const char* field = "";
};

Description describe(ProductRejection reason) {
  switch (reason) {
    case ProductRejection::no_such_store: return {ErrorKind::not_found, "no_such_store"};
    case ProductRejection::no_such_product: return {ErrorKind::not_found, "no_such_product"};
    case ProductRejection::not_your_store: return {ErrorKind::forbidden, "not_your_store"};
    case ProductRejection::product_removed: return {ErrorKind::conflict, "product_removed"};
    case ProductRejection::product_name_blank: return {ErrorKind::rejected, "product_name_blank", "name"};
    case ProductRejection::product_name_too_long: return {ErrorKind::rejected, "product_name_too_long", "name"};
    case ProductRejection::product_description_too_long: return {ErrorKind::rejected, "product_description_too_long", "description"};
    case ProductRejection::sku_blank: return {ErrorKind::rejected, "sku_blank", "sku"};
    case ProductRejection::sku_too_long: return {ErrorKind::rejected, "sku_too_long", "sku"};
    case ProductRejection::price_not_positive: return {ErrorKind::rejected, "price_not_positive", "price"};
    case ProductRejection::stock_negative: return {ErrorKind::rejected, "stock_negative", "stock"};
    case ProductRejection::currency_mismatch: return {ErrorKind::rejected, "currency_mismatch", "price"};
    case ProductRejection::price_not_higher: return {ErrorKind::rejected, "price_not_higher", "price"};
    case ProductRejection::price_not_lower: return {ErrorKind::rejected, "price_not_lower", "price"};
    case ProductRejection::sku_taken: return {ErrorKind::conflict, "sku_taken", "sku"};
  }
  std::unreachable();
}

}  // namespace

pkg::errors::Error to_error(const ProductRejected& rejected) {
  const auto [kind, code, field] = describe(rejected.reason);
  return {kind, code, rejected.detail, field};
}

}  // namespace stores::domain
