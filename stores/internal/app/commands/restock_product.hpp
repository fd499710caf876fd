#pragma once

#include "stores/internal/app/product_changes.hpp"

namespace stores::app {

struct RestockProduct {
  domain::ProductId product;
  domain::Actor by;
  std::int64_t quantity = 0;
  std::optional<pkg::es::Version> if_version;
};

class RestockProductHandler {
 public:
  RestockProductHandler(const ProductChanges& changes, StockRoom& stock) : changes_(changes), stock_(stock) {}
  /// The product itself does not change, and neither does its version.
  ChangedProduct operator()(pkg::uow::UnitOfWork& unit, const RestockProduct& command) const;

 private:
  const ProductChanges& changes_;
  StockRoom& stock_;
};

}  // namespace stores::app
