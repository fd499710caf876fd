#include "stores/internal/domain/store_rejection.hpp"

#include <utility>

namespace stores::domain {
namespace {

using pkg::errors::ErrorKind;

struct Description {
  ErrorKind kind;
  const char* code;
  const char* field = "";
};

Description describe(StoreRejection reason) {
  switch (reason) {
    case StoreRejection::no_such_store: return {ErrorKind::not_found, "no_such_store"};
    case StoreRejection::not_your_store: return {ErrorKind::forbidden, "not_your_store"};
    case StoreRejection::store_name_blank: return {ErrorKind::rejected, "store_name_blank", "name"};
    case StoreRejection::store_name_too_long: return {ErrorKind::rejected, "store_name_too_long", "name"};
    case StoreRejection::store_location_blank: return {ErrorKind::rejected, "store_location_blank", "location"};
    case StoreRejection::store_location_too_long: return {ErrorKind::rejected, "store_location_too_long", "location"};
  }
  std::unreachable();
}

}  // namespace

pkg::errors::Error to_error(const StoreRejected& rejected) {
  const auto [kind, code, field] = describe(rejected.reason);
  return {kind, code, rejected.detail, field};
}

}  // namespace stores::domain
