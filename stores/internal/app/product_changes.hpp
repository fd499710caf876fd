#pragma once

#include <optional>
#include <utility>
#include <vector>

#include "stores/internal/app/ports.hpp"

namespace stores::app {

using ChangedProduct = pkg::errors::Result<pkg::es::Loaded<domain::Product>>;

/// What all commands to a product share: load it and its store, decide, append at the version that was loaded, keep the catalog, tell
/// the others.
class ProductChanges {
 public:
  /// All of them outlive this.
  ProductChanges(ProductStore& products, StoreStore& stores, Catalog& catalog, ProductNews& news)
      : products_(products), stores_(stores), catalog_(catalog), news_(news) {}

  /// `decide(const domain::Product&, const domain::Store&) -> domain::ProductDecision`, or -> Result<domain::ProductDecision> where more
  /// can go wrong. The store is `in` where it is given (for a product that is not there yet), else the product's own. Gives the
  /// product after the change. Fails with the decision's rejection, `stale`, and as EventStore does.
  template <class Decide>
  ChangedProduct change(pkg::uow::UnitOfWork& unit, const domain::ProductId& id, std::optional<pkg::es::Version> if_version,
                        Decide&& decide, std::optional<domain::StoreId> in = std::nullopt) const {
    auto loaded = products_.load(unit, id, pkg::es::Look::stored);
    if (!loaded) return loaded;
    if (!in && !loaded->exists()) return std::unexpected(domain::to_error(domain::no_such_product()));
    const auto store = stores_.load(unit, in.value_or(loaded->state.store), pkg::es::Look::stored);
    if (!store) return pkg::errors::pass_on(store);
    const pkg::errors::Result<domain::ProductDecision> decision = decide(std::as_const(loaded->state), store->state);
    if (!decision) return pkg::errors::pass_on(decision);
    if (!*decision) return std::unexpected(domain::to_error(decision->error()));
    if (auto fresh = pkg::es::check_version(*loaded, if_version); !fresh) return pkg::errors::pass_on(fresh);
    if (auto recorded = record(unit, id, *loaded, **decision); !recorded) return pkg::errors::pass_on(recorded);
    return loaded;
  }

 private:
  pkg::errors::Result<> record(pkg::uow::UnitOfWork& unit, const domain::ProductId& id, pkg::es::Loaded<domain::Product>& product,
                               const std::vector<domain::ProductEvent>& events) const;

  ProductStore& products_;
  StoreStore& stores_;
  Catalog& catalog_;
  ProductNews& news_;
};

}  // namespace stores::app
