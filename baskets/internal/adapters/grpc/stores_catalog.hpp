#pragma once

#include "baskets/internal/app/ports.hpp"
#include "pkg/grpc/client.hpp"

namespace baskets::adapters::grpc {

/// Asks the stores service for a product and its store.
class StoresCatalog final : public app::Catalog {
 public:
  /// The channel outlives this.
  explicit StoresCatalog(const pkg::grpc::Channel& stores) : stores_(stores) {}

  pkg::errors::Result<std::optional<Entry>> look_up(const pkg::uow::Cause& cause, const domain::ProductId& product) override;

 private:
  pkg::grpc::Client stores_;
};

}  // namespace baskets::adapters::grpc
