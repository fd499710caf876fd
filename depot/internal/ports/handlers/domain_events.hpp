#pragma once

#include "depot/internal/app/ports.hpp"
#include "pkg/messaging/publisher.hpp"

namespace depot::ports {

/// Tells the other services, through the outbox, what becomes of a shopping list.
class PublishedShoppingListNews final : public app::ShoppingListNews {
 public:
  explicit PublishedShoppingListNews(pkg::messaging::Publisher& publisher) : publisher_(publisher) {}

  void tell(pkg::uow::UnitOfWork& unit, const domain::ShoppingList& after, std::span<const domain::ShoppingListEvent> events) override;

 private:
  pkg::messaging::Publisher& publisher_;
};

}  // namespace depot::ports
