#include "pkg/postgres/expect.hpp"

#include <cstdio>
#include <cstdlib>

namespace pkg::postgres {
namespace {

errors::Error deferred(errors::Error error) {
  if (error.kind == errors::ErrorKind::unavailable) {
    std::fprintf(stderr, "pkg/postgres: a deferred error is never `unavailable`: %s\n", error.code.c_str());
    std::abort();
  }
  return error;
}

}  // namespace

Expect& Expect::rows(std::uint64_t count, errors::Error otherwise) {
  rows_ = RowCount{count, deferred(std::move(otherwise))};
  return *this;
}

Expect& Expect::violation(std::string constraint, errors::Error meaning) {
  violations_.push_back({std::move(constraint), deferred(std::move(meaning))});
  return *this;
}

}  // namespace pkg::postgres
