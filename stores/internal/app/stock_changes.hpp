#pragma once

#include <span>

#include "stores/internal/app/ports.hpp"

namespace stores::app {

/// What all commands about an order's stock share: look, decide, save. A rejection has written nothing.
class StockChanges {
 public:
  /// The room outlives this.
  explicit StockChanges(StockRoom& room) : room_(room) {}

  /// `decide(const StockFacts&) -> domain::StockDecision`. Fails with the decision's rejection and as StockRoom does.
  template <class Decide>
  pkg::errors::Result<> change(pkg::uow::UnitOfWork& unit, const domain::OrderId& order, std::span<const domain::ProductId> products,
                               Decide&& decide) const {
    const auto facts = room_.look(unit, order, products);
    if (!facts) return pkg::errors::pass_on(facts);
    const domain::StockDecision decision = decide(*facts);
    if (!decision) return std::unexpected(domain::to_error(decision.error()));
    if (*decision) room_.save(unit, order, **decision);
    return {};
  }

 private:
  StockRoom& room_;
};

}  // namespace stores::app
