#pragma once

#include "stores/internal/app/ports.hpp"

namespace stores::app {

struct GetStore {
  domain::StoreId store;
};

class GetStoreHandler {
 public:
  explicit GetStoreHandler(Mall& mall) : mall_(mall) {}
  /// Fails with no_such_store, and as Mall does.
  pkg::errors::Result<StoreView> operator()(pkg::uow::UnitOfWork& unit, const GetStore& query) const;

 private:
  Mall& mall_;
};

}  // namespace stores::app
