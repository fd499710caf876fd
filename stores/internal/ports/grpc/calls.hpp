#pragma once

#include "pkg/ids/uuid.hpp"
#include "pkg/rpc/service.hpp"
#include "stores/internal/app/app.hpp"

namespace stores::ports {

/// Binds the calls about stores. What is passed outlives the service.
void bind_store_calls(pkg::rpc::Service& service, const app::Application& app, pkg::ids::IdSource& ids);
/// Binds those about products.
void bind_product_calls(pkg::rpc::Service& service, const app::Application& app, pkg::ids::IdSource& ids);

}  // namespace stores::ports
