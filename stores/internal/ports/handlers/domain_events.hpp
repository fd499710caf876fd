#pragma once

#include "pkg/messaging/publisher.hpp"
#include "stores/internal/app/ports.hpp"

namespace stores::ports {

/// Tells the other services, through the outbox, all that happens to stores.
class PublishedStoreNews final : public app::StoreNews {
 public:
  explicit PublishedStoreNews(pkg::messaging::Publisher& publisher) : publisher_(publisher) {}

  void tell(pkg::uow::UnitOfWork& unit, const domain::StoreId& id, const pkg::es::Loaded<domain::Store>& after,
            std::span<const domain::StoreEvent> events) override;

 private:
  pkg::messaging::Publisher& publisher_;
};

/// The same for products. Their stock is nobody else's business.
class PublishedProductNews final : public app::ProductNews {
 public:
  explicit PublishedProductNews(pkg::messaging::Publisher& publisher) : publisher_(publisher) {}

  void tell(pkg::uow::UnitOfWork& unit, const domain::ProductId& id, const pkg::es::Loaded<domain::Product>& after,
            std::span<const domain::ProductEvent> events) override;

 private:
  pkg::messaging::Publisher& publisher_;
};

}  // namespace stores::ports
