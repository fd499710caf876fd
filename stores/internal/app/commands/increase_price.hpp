#pragma once

#include "stores/internal/app/product_changes.hpp"

namespace stores::app {

struct IncreasePrice {
  domain::ProductId product;
  domain::Actor by;
  pkg::money::Money price;
  std::optional<pkg::es::Version> if_version;
};

class IncreasePriceHandler {
 public:
  explicit IncreasePriceHandler(const ProductChanges& changes) : changes_(changes) {}
  ChangedProduct operator()(pkg::uow::UnitOfWork& unit, const IncreasePrice& command) const;

 private:
  const ProductChanges& changes_;
};

}  // namespace stores::app
