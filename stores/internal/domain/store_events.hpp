#pragma once
// What can have happened to a store. Stored names and layouts are pinned in adapters/pg/store_codec.cpp.

#include <string>
#include <variant>

#include "stores/internal/domain/ids.hpp"

namespace stores::domain {

struct StoreCreated {
  UserId owner;
  std::string name;
  std::string location;
  friend bool operator==(const StoreCreated&, const StoreCreated&) = default;
};
struct StoreParticipationEnabled {
  friend bool operator==(const StoreParticipationEnabled&, const StoreParticipationEnabled&) = default;
};
struct StoreParticipationDisabled {
  friend bool operator==(const StoreParticipationDisabled&, const StoreParticipationDisabled&) = default;
};
struct StoreRebranded {
  std::string name;
  friend bool operator==(const StoreRebranded&, const StoreRebranded&) = default;
};

using StoreEvent = std::variant<StoreCreated, StoreParticipationEnabled, StoreParticipationDisabled, StoreRebranded>;

}  // namespace stores::domain
