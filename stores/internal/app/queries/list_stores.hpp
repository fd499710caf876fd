#pragma once

#include "stores/internal/app/ports.hpp"

namespace stores::app {

struct ListStores {
  std::optional<bool> participating;  ///< all of them where absent
  pkg::paging::Page page;
};

class ListStoresHandler {
 public:
  explicit ListStoresHandler(Mall& mall) : mall_(mall) {}
  pkg::errors::Result<pkg::paging::Slice<StoreView>> operator()(pkg::uow::UnitOfWork& unit, const ListStores& query) const;

 private:
  Mall& mall_;
};

}  // namespace stores::app
