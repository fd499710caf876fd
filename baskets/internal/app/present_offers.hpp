#pragma once

#include <vector>

#include "baskets/internal/app/ports.hpp"

namespace baskets::app {

/// What is offered at present of the products in a basket.
inline pkg::errors::Result<std::vector<domain::Offer>> present_offers(pkg::uow::UnitOfWork& unit, OfferCache& offers,
                                                                      const domain::Basket& basket) {
  std::vector<domain::ProductId> products;
  for (const auto& line : basket.items) products.push_back(line.product);
  if (products.empty()) return std::vector<domain::Offer>{};
  return offers.find(unit, products);
}

}  // namespace baskets::app
