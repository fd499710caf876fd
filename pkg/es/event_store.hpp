#pragma once
// Event sourcing: an aggregate's state is the fold of its events, and the events are what is stored.

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "pkg/errors/error.hpp"
#include "pkg/uow/unit_of_work.hpp"

namespace pkg::es {

/// How many events an aggregate has had; 0 means that it does not exist yet.
using Version = std::uint64_t;

/// An aggregate's state type names its id and its event variant, and `apply(state, event) -> state` is found beside it. apply
/// is total (it accepts every event in every state, because history cannot be refused) and the only writer of state.
template <class A>
concept Aggregate = std::default_initializable<A> && std::copyable<A> && requires(A state, const typename A::Event& event) {
  typename A::Id;
  { A::kind } -> std::convertible_to<std::string_view>;  // its pinned name in the store, never changed once used
  { apply(std::move(state), event) } -> std::same_as<A>;
};

/// An aggregate as it was loaded: its state and the version that an append must still find.
template <Aggregate A>
struct Loaded {
  A state{};
  Version version = 0;
  bool remembered = false;  ///< not read now, so it may be behind what others have stored

  bool exists() const { return version > 0; }

  void advance(const typename A::Event& event) {
    state = apply(std::move(state), event);
    ++version;
  }
};

template <Aggregate A>
A fold(A state, const std::vector<typename A::Event>& events) {
  for (const auto& event : events) state = apply(std::move(state), event);
  return state;
}

/// For callers who insist on the version they saw; fails with `stale`, code "stale_version".
template <Aggregate A>
errors::Result<> check_version(const Loaded<A>& aggregate, std::optional<Version> expected) {
  if (!expected || *expected == aggregate.version) return {};
  return errors::fail(
      errors::ErrorKind::stale, "stale_version",
      "You saw version " + std::to_string(*expected) + ", it is at version " + std::to_string(aggregate.version) + " now; look again.");
}

/// Where a load looks.
enum class Look {
  stored,      ///< at what is stored now
  remembered,  ///< at what this process wrote last, where the store remembers that
  as_new,      ///< nowhere: the aggregate is taken for new, unless the store knows better
};

/// Port. Adapters: PgEventStore (pkg/es_pg) and MemoryEventStore (pkg/es/memory_event_store.hpp); both pass the contract suite.
template <Aggregate A>
class EventStore {
 public:
  virtual ~EventStore() = default;

  /// The aggregate after all its events, those of this unit of work included; version 0 where there are none. What is not `stored` may be
  /// behind: then the append fails, and the work that is run again finds what is stored. Fails with `unavailable`, or `internal` where a
  /// stored event cannot be read.
  virtual errors::Result<Loaded<A>> load(uow::UnitOfWork& unit, const typename A::Id& id, Look look) = 0;

  /// Adds the events behind the version that was loaded and moves `aggregate` on to the state after them; none is fine and does
  /// nothing. Fails with `contended` where another unit of work was faster, here or at the commit.
  virtual errors::Result<> append(uow::UnitOfWork& unit, const typename A::Id& id, Loaded<A>& aggregate,
                                  const std::vector<typename A::Event>& events) = 0;
};

template <Aggregate A>
struct Decided {
  Loaded<A> on;
  std::vector<typename A::Event> events;
};

/// Saves the read before a write: decides on what this process remembers, and looks at what is stored only where nothing comes of that,
/// because what a state that is behind refuses the present one may allow. `decide(const Loaded<A>&) -> Result<std::vector<Event>>` has no
/// effect of its own. Fails as it does, and as load().
template <Aggregate A, class Decide>
errors::Result<Decided<A>> decide_on(EventStore<A>& store, uow::UnitOfWork& unit, const typename A::Id& id, Look look, Decide&& decide) {
  auto loaded = store.load(unit, id, look);
  if (!loaded) return errors::pass_on(loaded);
  errors::Result<std::vector<typename A::Event>> events = decide(std::as_const(*loaded));
  if (loaded->remembered && (!events || events->empty())) {
    loaded = store.load(unit, id, Look::stored);
    if (!loaded) return errors::pass_on(loaded);
    events = decide(std::as_const(*loaded));
  }
  if (!events) return errors::pass_on(events);
  return Decided<A>{std::move(*loaded), std::move(*events)};
}

}  // namespace pkg::es
