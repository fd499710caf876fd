#include "search/internal/domain/search_rejection.hpp"

#include <utility>

namespace search::domain {
namespace {

using pkg::errors::ErrorKind;

struct Description {
  ErrorKind kind;
  const char* code;
  const char* field;
};

Description describe(SearchRejection reason) {
  switch (reason) {
    case SearchRejection::query_too_long: return {ErrorKind::malformed, "query_too_long", "q"};
    case SearchRejection::no_such_order: return {ErrorKind::not_found, "no_such_order", ""};
    case SearchRejection::not_your_order: return {ErrorKind::forbidden, "not_your_order", ""};
  }
  std::unreachable();
}

}  // namespace

pkg::errors::Error to_error(const Refusal& refusal) {
  const auto [kind, code, field] = describe(refusal.reason);
  return {kind, code, refusal.detail, field};
}

}  // namespace search::domain
