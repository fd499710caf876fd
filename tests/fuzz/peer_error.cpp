// An error that another process sent over gRPC. Input: a line with the status code and message ("9 no"), then its binary details.

#include <grpcpp/support/status.h>

#include "pkg/grpc/status.hpp"
#include "tests/fuzz/input.hpp"
#include "tests/fuzz/target.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Input input(fuzz::as_text(data, size));
  fuzz::Input first(input.line());
  const auto number = first.until(" ");
  const int code = number.empty() ? 2 : number.front() % 16 + 1;
  const ::grpc::Status status(static_cast<::grpc::StatusCode>(code), std::string(first.rest()), std::string(input.rest()));
  const auto error = pkg::grpc::to_error(status);

  // Passed on to our own callers, it is the same error, but for what they may not see of an internal one.
  const auto again = pkg::grpc::to_error(pkg::grpc::to_status(error));
  fuzz::promise(again.kind == error.kind, "an error keeps its kind");
  if (error.kind == pkg::errors::ErrorKind::internal) return 0;
  fuzz::promise_same(again.code, error.code, "an error keeps its code");
  fuzz::promise(fuzz::is_utf8(again.detail) && fuzz::is_utf8(again.field), "what is passed on is UTF-8");
  if (fuzz::is_utf8(error.detail)) fuzz::promise_same(again.detail, error.detail, "an error keeps its sentence");
  if (fuzz::is_utf8(error.field)) fuzz::promise_same(again.field, error.field, "an error keeps its field");
  return 0;
}
