#include "stores/internal/domain/store.hpp"

#include "stores/internal/domain/text.hpp"

namespace stores::domain {
namespace {

struct Apply {
  Store& store;

  void operator()(const StoreCreated& e) const {
    store.exists = true;
    store.owner = e.owner;
    store.name = e.name;
    store.location = e.location;
  }
  void operator()(const StoreParticipationEnabled&) const { store.participating = true; }
  void operator()(const StoreParticipationDisabled&) const { store.participating = false; }
  void operator()(const StoreRebranded& e) const { store.name = e.name; }
};

std::unexpected<StoreRejected> reject(StoreRejection reason, std::string detail) {
  return std::unexpected(StoreRejected{reason, std::move(detail)});
}

std::expected<void, StoreRejected> check_name(std::string_view name) {
  if (is_blank(name)) return reject(StoreRejection::store_name_blank, "A store needs a name.");
  if (name.size() > max_name_bytes) {
    return reject(StoreRejection::store_name_too_long, "A store's name has at most " + std::to_string(max_name_bytes) + " bytes.");
  }
  return {};
}

StoreDecision nothing() { return std::vector<StoreEvent>{}; }

}  // namespace

Store apply(Store store, const StoreEvent& event) {
  std::visit(Apply{store}, event);
  return store;
}

StoreRejected no_such_store() { return {StoreRejection::no_such_store, "There is no such store."}; }

std::expected<void, StoreRejected> may_change(const Store& store, const Actor& actor) {
  if (!store.exists) return std::unexpected(no_such_store());
  if (store.owner != actor.user && !actor.is_operator)
    return reject(StoreRejection::not_your_store, "This store belongs to somebody else.");
  return {};
}

StoreDecision create_store(const Store& store, const Actor& actor, const std::string& name, const std::string& location) {
  if (store.exists) return nothing();
  if (auto named = check_name(name); !named) return std::unexpected(named.error());
  if (is_blank(location)) return reject(StoreRejection::store_location_blank, "A store needs a location.");
  if (location.size() > max_name_bytes) {
    return reject(StoreRejection::store_location_too_long, "A location has at most " + std::to_string(max_name_bytes) + " bytes.");
  }
  return std::vector<StoreEvent>{StoreCreated{actor.user, name, location}};
}

StoreDecision rebrand(const Store& store, const Actor& actor, const std::string& name) {
  if (auto allowed = may_change(store, actor); !allowed) return std::unexpected(allowed.error());
  if (auto named = check_name(name); !named) return std::unexpected(named.error());
  if (store.name == name) return nothing();
  return std::vector<StoreEvent>{StoreRebranded{name}};
}

StoreDecision enable_participation(const Store& store, const Actor& actor) {
  if (auto allowed = may_change(store, actor); !allowed) return std::unexpected(allowed.error());
  if (store.participating) return nothing();
  return std::vector<StoreEvent>{StoreParticipationEnabled{}};
}

StoreDecision disable_participation(const Store& store, const Actor& actor) {
  if (auto allowed = may_change(store, actor); !allowed) return std::unexpected(allowed.error());
  if (!store.participating) return nothing();
  return std::vector<StoreEvent>{StoreParticipationDisabled{}};
}

}  // namespace stores::domain
