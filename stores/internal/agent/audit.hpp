#pragma once
// The part of stores in an audit of the mall.

#include "pkg/errors/error.hpp"
#include "pkg/es_pg/read_model.hpp"
#include "pkg/uow/unit_of_work.hpp"

namespace stores::agent {

/// The stores as their events give them and as they are shown. Fails with `unavailable`.
pkg::errors::Result<pkg::es_pg::ReadModel> audit_stores(pkg::uow::UnitOfWork& unit);
/// The same for what they sell.
pkg::errors::Result<pkg::es_pg::ReadModel> audit_products(pkg::uow::UnitOfWork& unit);

}  // namespace stores::agent
