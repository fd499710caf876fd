#pragma once

#include "search/internal/app/ports.hpp"

namespace search::app {

class SearchProductsHandler {
 public:
  explicit SearchProductsHandler(ProductIndex& products) : products_(products) {}
  /// Fails with query_too_long, and as ProductIndex does.
  pkg::errors::Result<pkg::paging::Slice<FoundProduct>> operator()(pkg::uow::UnitOfWork& unit, const ProductQuery& query) const;

 private:
  ProductIndex& products_;
};

}  // namespace search::app
