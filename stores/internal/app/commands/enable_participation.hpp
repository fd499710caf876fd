#pragma once

#include "stores/internal/app/store_changes.hpp"

namespace stores::app {

struct EnableParticipation {
  domain::StoreId store;
  domain::Actor by;
  std::optional<pkg::es::Version> if_version;
};

class EnableParticipationHandler {
 public:
  explicit EnableParticipationHandler(const StoreChanges& changes) : changes_(changes) {}
  ChangedStore operator()(pkg::uow::UnitOfWork& unit, const EnableParticipation& command) const;

 private:
  const StoreChanges& changes_;
};

}  // namespace stores::app
