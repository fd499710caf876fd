#pragma once

#include "stores/internal/app/store_changes.hpp"

namespace stores::app {

struct RebrandStore {
  domain::StoreId store;
  domain::Actor by;
  std::string name;
  std::optional<pkg::es::Version> if_version;
};

class RebrandStoreHandler {
 public:
  explicit RebrandStoreHandler(const StoreChanges& changes) : changes_(changes) {}
  ChangedStore operator()(pkg::uow::UnitOfWork& unit, const RebrandStore& command) const;

 private:
  const StoreChanges& changes_;
};

}  // namespace stores::app
