#include "pkg/saga_engine/memory_saga_store.hpp"

#include <algorithm>

namespace pkg::saga {
namespace {

std::unexpected<errors::Error> contended(const State& state) {
  return errors::fail(errors::ErrorKind::contended, "contended", "The saga " + state.id + " was moved by somebody else.");
}

}  // namespace

MemorySagaStore::Sagas MemorySagaStore::seen_by(uow::UnitOfWork& unit) {
  auto& mine = dynamic_cast<uow::MemoryUnitOfWork&>(unit);
  Sagas seen = mine.read([&] { return committed_; });
  for (const auto& [key, kept] : mine.notes_of<Sagas>(this)) seen.insert_or_assign(key, kept);
  return seen;
}

errors::Result<std::optional<State>> MemorySagaStore::load(uow::UnitOfWork& unit, std::string_view name, std::string_view id, Freshness) {
  const auto seen = seen_by(unit);
  const auto found = seen.find({std::string(name), std::string(id)});
  return found == seen.end() ? std::nullopt : std::optional(found->second.state);
}

errors::Result<> MemorySagaStore::save(uow::UnitOfWork& unit, const State& state, std::span<const HistoryEntry> history) {
  auto& mine = dynamic_cast<uow::MemoryUnitOfWork&>(unit);
  const Key key{state.name, state.id};
  Kept kept = seen_by(unit)[key];
  if (kept.state.version + 1 != state.version) return contended(state);
  kept.state = state;
  kept.history.insert(kept.history.end(), history.begin(), history.end());
  uow::MemoryUnitOfWork::Check check;
  if (!mine.notes_of<Sagas>(this).contains(key)) {
    check = [this, key, state] { return committed_[key].state.version + 1 == state.version ? errors::Result<>() : contended(state); };
  }
  mine.at_commit(std::move(check), [this, key, kept] { committed_.insert_or_assign(key, kept); });
  mine.notes_of<Sagas>(this).insert_or_assign(key, std::move(kept));
  return {};
}

errors::Result<std::vector<State>> MemorySagaStore::due(uow::UnitOfWork& unit, std::string_view name, clock::TimePoint now,
                                                        std::size_t limit) {
  std::vector<State> due;
  for (auto& [key, kept] : seen_by(unit)) {
    if (key.first == name && kept.state.wake_at && *kept.state.wake_at <= now) due.push_back(kept.state);
  }
  std::ranges::sort(due, {}, [](const State& state) { return *state.wake_at; });
  if (due.size() > limit) due.resize(limit);
  return due;
}

errors::Result<std::optional<clock::TimePoint>> MemorySagaStore::next_wake(uow::UnitOfWork& unit, std::string_view name) {
  std::optional<clock::TimePoint> next;
  for (const auto& [key, kept] : seen_by(unit)) {
    const auto& wake = kept.state.wake_at;
    if (key.first == name && wake && (!next || *wake < *next)) next = wake;
  }
  return next;
}

errors::Result<Page> MemorySagaStore::list(uow::UnitOfWork& unit, std::string_view name, const ListFilter& filter, std::size_t page_size,
                                           std::string_view page_token) {
  const auto seen = seen_by(unit);
  Page page;
  for (auto at = seen.rbegin(); at != seen.rend(); ++at) {
    const auto& [key, kept] = *at;
    if (key.first != name || (!page_token.empty() && key.second >= page_token)) continue;
    if ((filter.status && kept.state.status != *filter.status) || (filter.only_alerts && !kept.state.alert)) continue;
    if (page.sagas.size() == page_size) {
      page.next_page_token = page.sagas.back().id;
      break;
    }
    page.sagas.push_back(kept.state);
  }
  return page;
}

errors::Result<std::vector<HistoryEntry>> MemorySagaStore::history(uow::UnitOfWork& unit, std::string_view name, std::string_view id) {
  const auto seen = seen_by(unit);
  const auto found = seen.find({std::string(name), std::string(id)});
  return found == seen.end() ? std::vector<HistoryEntry>{} : found->second.history;
}

errors::Result<std::size_t> MemorySagaStore::remove_ended(uow::UnitOfWork& unit, std::string_view name, clock::TimePoint before,
                                                          std::size_t limit) {
  std::vector<Key> old;
  for (const auto& [key, kept] : seen_by(unit)) {
    if (key.first == name && has_ended(kept.state.status) && kept.state.changed_at < before && old.size() < limit) old.push_back(key);
  }
  dynamic_cast<uow::MemoryUnitOfWork&>(unit).at_commit({}, [this, old] {
    for (const auto& key : old) committed_.erase(key);
  });
  return old.size();
}

}  // namespace pkg::saga
