#pragma once

#include "stores/internal/app/ports.hpp"

namespace stores::app {

struct GetProduct {
  domain::ProductId product;
};

class GetProductHandler {
 public:
  explicit GetProductHandler(Catalog& catalog) : catalog_(catalog) {}
  /// Fails with no_such_product, also where it was removed, and as Catalog does.
  pkg::errors::Result<ProductView> operator()(pkg::uow::UnitOfWork& unit, const GetProduct& query) const;

 private:
  Catalog& catalog_;
};

}  // namespace stores::app
