#pragma once

#include "stores/internal/app/product_changes.hpp"

namespace stores::app {

struct DecreasePrice {
  domain::ProductId product;
  domain::Actor by;
  pkg::money::Money price;
  std::optional<pkg::es::Version> if_version;
};

class DecreasePriceHandler {
 public:
  explicit DecreasePriceHandler(const ProductChanges& changes) : changes_(changes) {}
  ChangedProduct operator()(pkg::uow::UnitOfWork& unit, const DecreasePrice& command) const;

 private:
  const ProductChanges& changes_;
};

}  // namespace stores::app
