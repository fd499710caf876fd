#pragma once
// Every stream of a kind, folded: for an auditor, not for use cases, which know the id of what they want.

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "pkg/clock/clock.hpp"
#include "pkg/es/event_store.hpp"
#include "pkg/es_pg/codec.hpp"
#include "pkg/ids/uuid.hpp"
#include "pkg/uow/unit_of_work.hpp"

namespace pkg::es_pg {

struct StreamEvent {
  ids::Uuid aggregate;
  es::Version version = 0;
  clock::TimePoint at;
  StoredEvent event;
};

/// Shows all events of a kind, stream by stream, each in the order of its versions. Reads a few thousand at a time, so `show` must not
/// use the unit; a unit whose transaction is repeatable read (ConnectionSettings::read_only) sees one moment. Fails with `unavailable`.
errors::Result<> for_each_event(uow::UnitOfWork& unit, std::string_view kind, const std::function<void(const StreamEvent&)>& show);

/// A stream as it was folded.
template <es::Aggregate A>
struct Stream {
  ids::Uuid id;
  A state{};
  es::Version version = 0;     ///< of the last event
  clock::TimePoint changed_at; ///< of the last event
  std::string unreadable;      ///< the first event that the codec does not know, which the fold then lacks: "Type version 1 at 3"
};

/// Gives each stream once. What is wrong with one (a gap, an event that cannot be read) does not keep the others from being given.
template <es::Aggregate A>
errors::Result<> for_each_stream(uow::UnitOfWork& unit, const EventCodec<A>& codec, const std::function<void(const Stream<A>&)>& give,
                                 const std::function<void(const Stream<A>&, const typename A::Event&)>& step = {}) {
  std::optional<Stream<A>> stream;
  auto done = for_each_event(unit, A::kind, [&](const StreamEvent& next) {
    if (stream && stream->id != next.aggregate) give(*std::exchange(stream, std::nullopt));
    if (!stream) stream.emplace().id = next.aggregate;
    stream->version = next.version;
    stream->changed_at = next.at;
    const auto event = codec.decode(next.event);
    if (event) {
      stream->state = apply(std::move(stream->state), *event);
      if (step) step(*stream, *event);
    } else if (stream->unreadable.empty()) {
      stream->unreadable = next.event.type + " version " + std::to_string(next.event.type_version) + " at " + std::to_string(next.version);
    }
  });
  if (done && stream) give(*stream);
  return done;
}

}  // namespace pkg::es_pg
