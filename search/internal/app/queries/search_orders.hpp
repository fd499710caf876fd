#pragma once

#include "search/internal/app/ports.hpp"
#include "search/internal/domain/visibility.hpp"

namespace search::app {

/// Orders of one person. `filter.user` is filled in here: that of the caller, unless an operator asks for another's.
struct SearchOrders {
  domain::Actor by;
  std::optional<domain::UserId> user;
  OrderQuery filter;
};

class SearchOrdersHandler {
 public:
  explicit SearchOrdersHandler(OrderHistory& orders) : orders_(orders) {}
  /// Fails as OrderHistory does.
  pkg::errors::Result<pkg::paging::Slice<FoundOrder>> operator()(pkg::uow::UnitOfWork& unit, const SearchOrders& query) const;

 private:
  OrderHistory& orders_;
};

}  // namespace search::app
