#include "use_cases.hpp"

namespace parcels {

using pkg::errors::pass_on;

/// Load, decide, append at the version that was loaded, tell. Where somebody else was faster the unit of work runs again.
Result<Loaded> UseCases::change(UnitOfWork& unit, const ParcelId& id, const std::function<Decision(const Parcel&)>& decide) {
  auto loaded = needs_.parcels.load(unit, id, pkg::es::Look::stored);
  if (!loaded) return loaded;
  const auto events = decide(loaded->state);
  if (!events) return std::unexpected(to_error(events.error()));
  if (auto appended = needs_.parcels.append(unit, id, *loaded, *events); !appended) return pass_on(appended);
  if (!events->empty()) needs_.whereabouts.note(unit, id, loaded->state);
  for (const auto& event : *events) needs_.news.tell(unit, id, *loaded, event);
  return loaded;
}

Result<Loaded> UseCases::send(const Cause& cause, const ParcelId& id, const std::string& to) {
  const auto decide = [&](const Parcel& parcel) { return parcels::send(parcel, to); };
  return needs_.transactor.run_for(cause, [&](UnitOfWork& unit) { return change(unit, id, decide); });
}

Result<Loaded> UseCases::deliver(const Cause& cause, const ParcelId& id) {
  return needs_.transactor.run_for(cause, [&](UnitOfWork& unit) { return change(unit, id, parcels::deliver); });
}

Result<Loaded> UseCases::get(const Cause& cause, const ParcelId& id) {
  auto loaded = needs_.transactor.run_for(cause, [&](UnitOfWork& unit) { return needs_.parcels.load(unit, id, pkg::es::Look::stored); });
  if (loaded && !loaded->exists()) return std::unexpected(to_error({ParcelRejection::no_such_parcel, "There is no such parcel."}));
  return loaded;
}

Result<std::vector<ParcelId>> UseCases::at(const Cause& cause, const std::string& place) {
  return needs_.transactor.run_for(cause, [&](UnitOfWork& unit) { return needs_.whereabouts.at(unit, place); });
}

Result<> UseCases::scanned(UnitOfWork& unit, const ParcelId& id, const std::string& place) {
  auto changed = change(unit, id, [&](const Parcel& parcel) { return see(parcel, place); });
  return changed ? Result<>() : pass_on(changed);
}

}  // namespace parcels
