#pragma once

#include "ordering/internal/app/ports.hpp"
#include "pkg/messaging/publisher.hpp"

namespace ordering::ports {

/// Tells the other services, through the outbox, what becomes of an order.
class PublishedOrderNews final : public app::OrderNews {
 public:
  explicit PublishedOrderNews(pkg::messaging::Publisher& publisher) : publisher_(publisher) {}

  void tell(pkg::uow::UnitOfWork& unit, const domain::OrderId& id, const pkg::es::Loaded<domain::Order>& after,
            std::span<const domain::OrderEvent> events) override;

 private:
  pkg::messaging::Publisher& publisher_;
};

}  // namespace ordering::ports
