#pragma once

#include "baskets/internal/app/ports.hpp"
#include "pkg/messaging/publisher.hpp"

namespace baskets::ports {

/// Tells the other services, through the outbox, what they may know of a basket: started, checked out, canceled. What happens to
/// single items is the shopper's own affair.
class PublishedBasketNews final : public app::BasketNews {
 public:
  explicit PublishedBasketNews(pkg::messaging::Publisher& publisher) : publisher_(publisher) {}

  void tell(pkg::uow::UnitOfWork& unit, const domain::BasketId& id, const pkg::es::Loaded<domain::Basket>& after,
            std::span<const domain::BasketEvent> events) override;

 private:
  pkg::messaging::Publisher& publisher_;
};

}  // namespace baskets::ports
