#pragma once
// A service over shelf.proto for the tests of pkg/rest: it answers with what it was told.

#include <functional>
#include <span>
#include <string_view>

#include "pkg/embed/embedded_file.hpp"
#include "pkg/errors/error.hpp"
#include "pkg/rpc/authenticator.hpp"
#include "pkg/rpc/service.hpp"

namespace pkg::rest::testing {

/// GET /api/v1/files/wait calls `wait` before it answers.
rpc::Service shelf_service(std::function<void()> wait = [] {});

/// Tokens are "user" and "librarian"; everything else is not valid.
errors::Result<rpc::Caller> authenticate(std::string_view token);

/// The descriptors of shelf.proto with their comments.
std::span<const embed::EmbeddedFile> shelf_descriptors();

}  // namespace pkg::rest::testing
