#pragma once

#include "stores/internal/app/product_changes.hpp"

namespace stores::app {

struct AddProduct {
  domain::ProductId product;  ///< a new id
  domain::StoreId store;
  domain::Actor by;
  domain::NewProduct what;
};

class AddProductHandler {
 public:
  AddProductHandler(const ProductChanges& changes, StockRoom& stock) : changes_(changes), stock_(stock) {}
  ChangedProduct operator()(pkg::uow::UnitOfWork& unit, const AddProduct& command) const;

 private:
  const ProductChanges& changes_;
  StockRoom& stock_;
};

}  // namespace stores::app
