#pragma once
// How events and states become bytes. Names and versions are pinned: what was once stored stays readable for ever.

#include <functional>
#include <string>
#include <string_view>

#include "pkg/errors/error.hpp"
#include "pkg/es/event_store.hpp"

namespace pkg::es_pg {

struct StoredEvent {
  std::string type;      ///< "BasketStarted"; never changed once used
  int type_version = 1;  ///< raised when the payload changes in a way that old readers, or readers of old ones, must know
  std::string payload;

  friend bool operator==(const StoredEvent&, const StoredEvent&) = default;
};

/// `decode` reads every type and version that was ever stored, and fails on all others.
template <es::Aggregate A>
struct EventCodec {
  std::function<StoredEvent(const typename A::Event&)> encode;
  std::function<errors::Result<typename A::Event>(const StoredEvent&)> decode;
};

/// Snapshots are taken when an append reaches or passes a multiple of `every`. One of another version is as good as none, so a change of
/// the state's form needs a new version and nothing else.
template <es::Aggregate A>
struct SnapshotCodec {
  es::Version every = 100;
  int version = 1;
  std::function<std::string(const A&)> encode;
  std::function<errors::Result<A>(std::string_view)> decode;
};

}  // namespace pkg::es_pg
