#pragma once
// Ordering's part in an audit of the mall.

#include "pkg/errors/error.hpp"
#include "pkg/es_pg/read_model.hpp"
#include "pkg/uow/unit_of_work.hpp"

namespace ordering::agent {

/// The orders as their events give them and as they are shown. Fails with `unavailable`.
pkg::errors::Result<pkg::es_pg::ReadModel> audit_orders(pkg::uow::UnitOfWork& unit);

}  // namespace ordering::agent
