#pragma once
// Reading what a request holds as text into types.

#include <optional>
#include <string>
#include <string_view>

#include "pkg/errors/error.hpp"
#include "pkg/ids/id.hpp"
#include "pkg/rpc/call.hpp"

namespace pkg::rpc {

/// Fails with `malformed`, code "malformed_id". `field` is the request's field in lowerCamelCase.
template <class Id>
errors::Result<Id> read_id(std::string_view text, std::string_view field) {
  if (const auto id = Id::parse(text)) return *id;
  return errors::fail(errors::ErrorKind::malformed, "malformed_id", "An id is a UUID, like 0190163d-8694-739b-aea5-966c26f8ad91.",
                      std::string(field));
}

/// The caller's own id, as a user. Fails with `forbidden`, code "not_a_user", for a service or nobody.
template <class Id>
errors::Result<Id> read_caller(const Caller& caller) {
  if (const auto id = Id::parse(caller.subject)) return *id;
  return errors::fail(errors::ErrorKind::forbidden, "not_a_user", "Only a signed-in user can do this.");
}

}  // namespace pkg::rpc
