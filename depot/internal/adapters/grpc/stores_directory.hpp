#pragma once

#include "depot/internal/app/ports.hpp"
#include "pkg/grpc/client.hpp"

namespace depot::adapters::grpc {

/// Asks the stores service for a store.
class StoresDirectory final : public app::StoreDirectory {
 public:
  /// The channel outlives this.
  explicit StoresDirectory(const pkg::grpc::Channel& stores) : stores_(stores) {}

  pkg::errors::Result<std::optional<app::StoreFact>> look_up(const pkg::uow::Cause& cause, const domain::StoreId& store) override;

 private:
  pkg::grpc::Client stores_;
};

}  // namespace depot::adapters::grpc
