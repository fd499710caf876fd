#pragma once
// Depot's part in an audit of the mall.

#include <map>
#include <string>

#include "pkg/errors/error.hpp"
#include "pkg/ids/uuid.hpp"
#include "pkg/uow/unit_of_work.hpp"

namespace depot::agent {

/// What is on each shopping list, by the list's id: "<product> x3; …", summed, by product; empty for one that was canceled before it was
/// made. Fails with `unavailable`, and with `internal` where a list cannot be read.
pkg::errors::Result<std::map<pkg::ids::Uuid, std::string>> audit_lists(pkg::uow::UnitOfWork& unit);

}  // namespace depot::agent
