#include "search/internal/app/queries/search_products.hpp"

#include "search/internal/domain/visibility.hpp"

namespace search::app {

pkg::errors::Result<pkg::paging::Slice<FoundProduct>> SearchProductsHandler::operator()(pkg::uow::UnitOfWork& unit,
                                                                                        const ProductQuery& query) const {
  if (const auto fine = domain::may_look_for(query.words); !fine) return std::unexpected(domain::to_error(fine.error()));
  return products_.find(unit, query);
}

}  // namespace search::app
