#pragma once

#include "stores/internal/app/store_changes.hpp"

namespace stores::app {

struct CreateStore {
  domain::StoreId store;  ///< a new id
  domain::Actor by;
  std::string name;
  std::string location;
};

class CreateStoreHandler {
 public:
  explicit CreateStoreHandler(const StoreChanges& changes) : changes_(changes) {}
  ChangedStore operator()(pkg::uow::UnitOfWork& unit, const CreateStore& command) const;

 private:
  const StoreChanges& changes_;
};

}  // namespace stores::app
