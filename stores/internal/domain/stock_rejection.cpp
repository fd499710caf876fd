#include "stores/internal/domain/stock_rejection.hpp"

#include <utility>

namespace stores::domain {
namespace {

using pkg::errors::ErrorKind;

struct Description {
  ErrorKind kind;
  const char* code;
  const char* field = "";
};

Description describe(StockRejection reason) {
  switch (reason) {
    case StockRejection::not_reserved: return {ErrorKind::unavailable, "not_reserved"};
    case StockRejection::reservation_ended: return {ErrorKind::conflict, "reservation_ended"};
    case StockRejection::reservation_empty: return {ErrorKind::rejected, "reservation_empty", "items"};
    case StockRejection::quantity_out_of_range: return {ErrorKind::rejected, "quantity_out_of_range", "quantity"};
    case StockRejection::no_such_product: return {ErrorKind::not_found, "no_such_product"};
    case StockRejection::product_removed: return {ErrorKind::conflict, "product_removed"};
    case StockRejection::out_of_stock: return {ErrorKind::rejected, "out_of_stock"};
    case StockRejection::stock_unlimited: return {ErrorKind::rejected, "stock_unlimited"};
    case StockRejection::stock_too_large: return {ErrorKind::rejected, "stock_too_large", "quantity"};
  }
  std::unreachable();
}

}  // namespace

pkg::errors::Error to_error(const StockRejected& rejected) {
  const auto [kind, code, field] = describe(rejected.reason);
  return {kind, code, rejected.detail, field};
}

}  // namespace stores::domain
