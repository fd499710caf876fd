#include "pkg/rpc/access.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "pkg/rpc/access.pb.h"

namespace pkg::rpc {
namespace {

using errors::ErrorKind;

const mallbots::rpc::v1::Access& rule_of(const google::protobuf::MethodDescriptor& method) {
  return method.options().GetExtension(mallbots::rpc::v1::access);
}

std::unexpected<errors::Error> not_signed_in() {
  return errors::fail(ErrorKind::unauthenticated, "not_signed_in", "Sign in first: this call needs a valid access token.");
}

}  // namespace

errors::Result<> check_access(const google::protobuf::MethodDescriptor& method, const Caller& caller) {
  const auto& access = rule_of(method);
  if (access.anyone()) return {};
  if (access.signed_in()) {
    if (!caller.is_signed_in()) return not_signed_in();
    return {};
  }
  if (!access.has_roles()) {
    return errors::fail(ErrorKind::forbidden, "access_undeclared", "This call is closed: it does not say who may use it.");
  }
  if (!caller.is_signed_in()) return not_signed_in();
  for (const auto& role : access.roles().any_of()) {
    if (caller.has_role(role)) return {};
  }
  return errors::fail(ErrorKind::forbidden, "role_missing",
                      fmt::format("This call needs one of these roles: {}.", fmt::join(access.roles().any_of(), ", ")));
}

errors::Result<Caller> admit(const google::protobuf::MethodDescriptor& method, const Authenticator& authenticate,
                             std::string_view bearer_token) {
  Caller caller;
  if (!bearer_token.empty()) {
    auto known = authenticate(bearer_token);
    if (known) {
      caller = std::move(*known);
    } else if (!rule_of(method).anyone()) {
      return known;
    }
  }
  if (const auto allowed = check_access(method, caller); !allowed) return errors::pass_on(allowed);
  return caller;
}

}  // namespace pkg::rpc
