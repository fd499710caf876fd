#pragma once

#include "stores/internal/app/product_changes.hpp"

namespace stores::app {

struct RebrandProduct {
  domain::ProductId product;
  domain::Actor by;
  std::string name;
  std::string description;
  std::optional<pkg::es::Version> if_version;
};

class RebrandProductHandler {
 public:
  explicit RebrandProductHandler(const ProductChanges& changes) : changes_(changes) {}
  ChangedProduct operator()(pkg::uow::UnitOfWork& unit, const RebrandProduct& command) const;

 private:
  const ProductChanges& changes_;
};

}  // namespace stores::app
