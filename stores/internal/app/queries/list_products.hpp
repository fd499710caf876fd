#pragma once

#include "stores/internal/app/ports.hpp"

namespace stores::app {

struct ListProducts {
  domain::StoreId store;
  pkg::paging::Page page;
};

class ListProductsHandler {
 public:
  ListProductsHandler(Catalog& catalog, Mall& mall) : catalog_(catalog), mall_(mall) {}
  /// Fails with no_such_store, and as Catalog does.
  pkg::errors::Result<pkg::paging::Slice<ProductView>> operator()(pkg::uow::UnitOfWork& unit, const ListProducts& query) const;

 private:
  Catalog& catalog_;
  Mall& mall_;
};

}  // namespace stores::app
