#include "stores/internal/ports/grpc/server.hpp"

#include "stores/internal/ports/grpc/calls.hpp"

namespace stores::ports {

pkg::rpc::Service stores_service(const app::Application& app, pkg::ids::IdSource& ids) {
  pkg::rpc::Service service("mallbots.stores.v1.StoresService");
  bind_store_calls(service, app, ids);
  bind_product_calls(service, app, ids);
  return service;
}

}  // namespace stores::ports
