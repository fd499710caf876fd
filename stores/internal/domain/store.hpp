#pragma once
// A store of the mall.
//
//   (none) --create--> not participating <--disable, enable--> participating
//
// Invariants: it has an owner, a name and a location, none of them blank. Only its owner or an operator changes it.

#include <cstddef>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "stores/internal/domain/ids.hpp"
#include "stores/internal/domain/store_events.hpp"
#include "stores/internal/domain/store_rejection.hpp"

namespace stores::domain {

constexpr std::size_t max_name_bytes = 200;

struct Store {
  using Id = StoreId;
  using Event = StoreEvent;
  static constexpr std::string_view kind = "Store";

  bool exists = false;
  UserId owner;
  std::string name;
  std::string location;
  bool participating = false;

  friend bool operator==(const Store&, const Store&) = default;
};

/// The state after one more event; accepts any event in any state.
Store apply(Store store, const StoreEvent& event);

/// The rejection of a store that is not there.
StoreRejected no_such_store();

/// May reject with no_such_store, not_your_store.
std::expected<void, StoreRejected> may_change(const Store& store, const Actor& actor);

using StoreDecision = std::expected<std::vector<StoreEvent>, StoreRejected>;

// Decisions: pure. The events that follow from a command, or why it is refused; no events means that there is nothing to do.

/// The caller becomes the owner. May reject with store_name_blank, store_name_too_long, store_location_blank, store_location_too_long.
StoreDecision create_store(const Store& store, const Actor& actor, const std::string& name, const std::string& location);
/// May reject with no_such_store, not_your_store, store_name_blank, store_name_too_long.
StoreDecision rebrand(const Store& store, const Actor& actor, const std::string& name);
/// May reject with no_such_store, not_your_store.
StoreDecision enable_participation(const Store& store, const Actor& actor);
/// May reject with no_such_store, not_your_store.
StoreDecision disable_participation(const Store& store, const Actor& actor);

}  // namespace stores::domain
