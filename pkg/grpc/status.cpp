#include "pkg/grpc/status.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string>

#include <google/rpc/error_details.pb.h>
#include <google/rpc/status.pb.h>
#include <grpcpp/support/status.h>

#include "pkg/grpc/error_info.pb.h"
#include "pkg/rpc/utf8.hpp"

namespace pkg::grpc {
namespace {

using errors::Error;
using errors::ErrorKind;
using ::grpc::StatusCode;
using mallbots::grpc::v1::ErrorInfo;

constexpr const char* error_info_url = "type.googleapis.com/google.rpc.ErrorInfo";

struct Outside {
  StatusCode status;
  const char* name;
};

constexpr Outside outside(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::malformed: return {StatusCode::INVALID_ARGUMENT, "malformed"};
    case ErrorKind::unauthenticated: return {StatusCode::UNAUTHENTICATED, "unauthenticated"};
    case ErrorKind::forbidden: return {StatusCode::PERMISSION_DENIED, "forbidden"};
    case ErrorKind::not_found: return {StatusCode::NOT_FOUND, "not_found"};
    case ErrorKind::conflict: return {StatusCode::FAILED_PRECONDITION, "conflict"};
    case ErrorKind::stale: return {StatusCode::ABORTED, "stale"};
    case ErrorKind::rejected: return {StatusCode::FAILED_PRECONDITION, "rejected"};
    case ErrorKind::too_many: return {StatusCode::RESOURCE_EXHAUSTED, "too_many"};
    case ErrorKind::unavailable: return {StatusCode::UNAVAILABLE, "unavailable"};
    case ErrorKind::contended: return {StatusCode::ABORTED, "contended"};
    case ErrorKind::internal: return {StatusCode::INTERNAL, "internal"};
  }
  return {StatusCode::INTERNAL, "internal"};  // not an enumerator: never ours
}

constexpr std::array all_kinds = {ErrorKind::malformed,   ErrorKind::unauthenticated, ErrorKind::forbidden, ErrorKind::not_found,
                                  ErrorKind::conflict,    ErrorKind::stale,           ErrorKind::rejected,  ErrorKind::too_many,
                                  ErrorKind::unavailable, ErrorKind::contended,       ErrorKind::internal};

std::optional<ErrorKind> kind_named(const std::string& name) {
  const auto found = std::ranges::find_if(all_kinds, [&](ErrorKind kind) { return name == outside(kind).name; });
  return found == all_kinds.end() ? std::nullopt : std::optional(*found);
}

Error nearest(StatusCode code, const std::string& message) {
  // Statuses of others: our own errors come with an ErrorInfo. No `default`, but gRPC's sentinel is not a status.
  switch (code) {
    case StatusCode::INVALID_ARGUMENT: return {ErrorKind::malformed, "invalid_argument", message, {}};
    case StatusCode::OUT_OF_RANGE: return {ErrorKind::malformed, "out_of_range", message, {}};
    case StatusCode::UNAUTHENTICATED: return {ErrorKind::unauthenticated, "unauthenticated", message, {}};
    case StatusCode::PERMISSION_DENIED: return {ErrorKind::forbidden, "permission_denied", message, {}};
    case StatusCode::NOT_FOUND: return {ErrorKind::not_found, "not_found", message, {}};
    case StatusCode::ALREADY_EXISTS: return {ErrorKind::conflict, "already_exists", message, {}};
    case StatusCode::FAILED_PRECONDITION: return {ErrorKind::conflict, "failed_precondition", message, {}};
    case StatusCode::ABORTED: return {ErrorKind::contended, "aborted", message, {}};
    case StatusCode::RESOURCE_EXHAUSTED: return {ErrorKind::too_many, "resource_exhausted", message, {}};
    case StatusCode::UNAVAILABLE: return {ErrorKind::unavailable, "unavailable", message, {}};
    case StatusCode::DEADLINE_EXCEEDED: return {ErrorKind::unavailable, "deadline_exceeded", message, {}};
    case StatusCode::CANCELLED: return {ErrorKind::unavailable, "canceled", message, {}};
    case StatusCode::UNIMPLEMENTED: return {ErrorKind::internal, "unimplemented", message, {}};
    case StatusCode::INTERNAL: return {ErrorKind::internal, "internal", message, {}};
    case StatusCode::DATA_LOSS: return {ErrorKind::internal, "data_loss", message, {}};
    case StatusCode::UNKNOWN:
    case StatusCode::OK:
    case StatusCode::DO_NOT_USE: break;
  }
  return {ErrorKind::internal, "unknown", message, {}};
}

}  // namespace

::grpc::Status to_status(const Error& error) {
  const auto [code, kind] = outside(error.kind);
  const std::string detail = error.kind == ErrorKind::internal ? "Something went wrong on our side." : rpc::well_formed(error.detail);
  const std::string field = rpc::well_formed(error.field);

  ErrorInfo info;
  info.set_reason(error.code);
  info.set_domain(std::string(error_domain));
  (*info.mutable_metadata())["kind"] = kind;
  if (!field.empty()) (*info.mutable_metadata())["field"] = field;

  google::rpc::Status status;
  status.set_code(code);
  status.set_message(detail);
  auto& packed = *status.add_details();
  packed.set_type_url(error_info_url);
  packed.set_value(info.SerializeAsString());
  if (error.kind == ErrorKind::malformed && !field.empty()) {
    google::rpc::BadRequest bad;
    auto& violation = *bad.add_field_violations();
    violation.set_field(field);
    violation.set_description(detail);
    status.add_details()->PackFrom(bad);
  }
  return {code, detail, status.SerializeAsString()};
}

Error to_error(const ::grpc::Status& status) {
  Error error = nearest(status.error_code(), status.error_message());
  google::rpc::Status details;
  if (status.error_details().empty() || !details.ParseFromString(status.error_details())) return error;
  for (const auto& any : details.details()) {
    ErrorInfo info;
    if (any.type_url() != error_info_url || !info.ParseFromString(any.value()) || info.domain() != error_domain) continue;
    error.code = info.reason();
    if (const auto kind = info.metadata().find("kind"); kind != info.metadata().end()) {
      error.kind = kind_named(kind->second).value_or(error.kind);
    }
    if (const auto field = info.metadata().find("field"); field != info.metadata().end()) error.field = field->second;
    break;
  }
  return error;
}

}  // namespace pkg::grpc
