#pragma once
// Search's part in an audit of the mall.

#include <map>
#include <string>

#include "pkg/errors/error.hpp"
#include "pkg/ids/uuid.hpp"
#include "pkg/uow/unit_of_work.hpp"

namespace search::agent {

/// What is shown of each order's items, by its id: "<product> of <store> x2 at 690; …"; empty where it has not been heard of. Fails with
/// `unavailable`, and with `internal` where an order cannot be read.
pkg::errors::Result<std::map<pkg::ids::Uuid, std::string>> audit_items(pkg::uow::UnitOfWork& unit);

}  // namespace search::agent
