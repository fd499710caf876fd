#pragma once
// Who may call, decided in one place from the rule in the .proto, for every transport alike.

#include <string_view>

#include <google/protobuf/descriptor.h>

#include "pkg/errors/error.hpp"
#include "pkg/rpc/authenticator.hpp"
#include "pkg/rpc/call.hpp"

namespace pkg::rpc {

/// Holds the caller against the method's access rule. Fails with `unauthenticated` ("not_signed_in") where somebody must be signed
/// in and nobody is, and with `forbidden` ("role_missing") where none of the roles is theirs. A method without a rule is closed to
/// all ("access_undeclared"); Service::faults() finds those before anything is served.
errors::Result<> check_access(const google::protobuf::MethodDescriptor& method, const Caller& caller);

/// The whole gate: from the bearer token (empty for none) to a caller who may call. Where anyone may call, a token that is not
/// valid counts as none, so that an expired one does not stand in the way of getting a new one. Fails as the authenticator and
/// check_access() do.
errors::Result<Caller> admit(const google::protobuf::MethodDescriptor& method, const Authenticator& authenticate,
                             std::string_view bearer_token);

}  // namespace pkg::rpc
