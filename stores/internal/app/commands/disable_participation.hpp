#pragma once

#include "stores/internal/app/store_changes.hpp"

namespace stores::app {

struct DisableParticipation {
  domain::StoreId store;
  domain::Actor by;
  std::optional<pkg::es::Version> if_version;
};

class DisableParticipationHandler {
 public:
  explicit DisableParticipationHandler(const StoreChanges& changes) : changes_(changes) {}
  ChangedStore operator()(pkg::uow::UnitOfWork& unit, const DisableParticipation& command) const;

 private:
  const StoreChanges& changes_;
};

}  // namespace stores::app
