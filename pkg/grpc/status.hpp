#pragma once
// The one mapping between our errors and gRPC's statuses. Private to pkg/grpc.
//
//   kind             status               why (see grpc.github.io/grpc/core/md_doc_statuscodes.html)
//   malformed        INVALID_ARGUMENT     wrong whatever the state; with google.rpc.BadRequest where a field is known
//   unauthenticated  UNAUTHENTICATED
//   forbidden        PERMISSION_DENIED
//   not_found        NOT_FOUND
//   conflict         FAILED_PRECONDITION  no use in trying again until the state has changed
//   rejected         FAILED_PRECONDITION  a rule about the present state; INVALID_ARGUMENT would say "whatever the state"
//   stale            ABORTED              a test-and-set failed: read again, decide again
//   contended        ABORTED              a concurrent change won: read again, decide again
//   too_many         RESOURCE_EXHAUSTED
//   unavailable      UNAVAILABLE          the only one that a client may retry as it is
//   internal         INTERNAL             with a neutral sentence; what happened stays in the log
//
// Two pairs share a status, so google.rpc.ErrorInfo carries the kind and our client gets back the very error that was sent:
// reason = code, domain = error_domain, metadata = kind, and field where there is one.

#include <string_view>

#include "pkg/errors/error.hpp"

namespace grpc {
class Status;
}

namespace pkg::grpc {

inline constexpr std::string_view error_domain = "mallbots";

::grpc::Status to_status(const errors::Error& error);

/// The error that a status carries; from servers other than ours, and where the call never reached one, the nearest kind with the
/// status' own name as code ("deadline_exceeded"). Not for OK.
errors::Error to_error(const ::grpc::Status& status);

}  // namespace pkg::grpc
