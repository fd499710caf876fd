#pragma once

#include <map>
#include <vector>

#include "pkg/es/event_store.hpp"
#include "pkg/uow/memory_transactor.hpp"

namespace pkg::es {

/// Keeps events in memory, for tests. Units of work must come from one MemoryTransactor; another's kind throws std::bad_cast. Passes
/// the contract suite (pkg/es/testing/event_store_contract.hpp).
template <Aggregate A>
class MemoryEventStore final : public EventStore<A> {
 public:
  using Id = typename A::Id;
  using Events = std::vector<typename A::Event>;

  errors::Result<Loaded<A>> load(uow::UnitOfWork& unit, const Id& id, Look) override {
    auto& mine = dynamic_cast<uow::MemoryUnitOfWork&>(unit);
    Loaded<A> loaded;
    for (const auto& event : mine.read([&] { return committed_[id]; })) loaded.advance(event);
    for (const auto& event : own_writes(mine, id).events) loaded.advance(event);
    return loaded;
  }

  errors::Result<> append(uow::UnitOfWork& unit, const Id& id, Loaded<A>& aggregate, const Events& events) override {
    if (events.empty()) return {};
    auto& mine = dynamic_cast<uow::MemoryUnitOfWork&>(unit);
    OwnWrites& own = own_writes(mine, id);
    uow::MemoryUnitOfWork::Check check;
    if (own.events.empty()) {
      own.base = aggregate.version;
      check = [this, id, base = own.base] { return committed_[id].size() == base ? errors::Result<>() : behind(); };
    } else if (aggregate.version != own.base + own.events.size()) {
      return behind();
    }
    mine.at_commit(std::move(check), [this, id, events] { committed_[id].insert(committed_[id].end(), events.begin(), events.end()); });
    for (const auto& event : events) aggregate.advance(event);
    own.events.insert(own.events.end(), events.begin(), events.end());
    return {};
  }

 private:
  struct OwnWrites {
    Version base = 0;  // the version that must be committed when the unit is
    Events events;
  };

  OwnWrites& own_writes(uow::MemoryUnitOfWork& unit, const Id& id) { return unit.template notes_of<std::map<Id, OwnWrites>>(this)[id]; }

  static errors::Result<> behind() {
    return errors::fail(errors::ErrorKind::contended, "contended", "Somebody else changed the same thing at the same moment.");
  }

  std::map<Id, Events> committed_;  // under the transactor's lock
};

}  // namespace pkg::es
