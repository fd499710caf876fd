#pragma once

#include "stores/internal/app/product_changes.hpp"

namespace stores::app {

struct RemoveProduct {
  domain::ProductId product;
  domain::Actor by;
  std::optional<pkg::es::Version> if_version;
};

class RemoveProductHandler {
 public:
  explicit RemoveProductHandler(const ProductChanges& changes) : changes_(changes) {}
  ChangedProduct operator()(pkg::uow::UnitOfWork& unit, const RemoveProduct& command) const;

 private:
  const ProductChanges& changes_;
};

}  // namespace stores::app
