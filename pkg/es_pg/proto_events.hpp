#pragma once
// Events stored as protobuf messages: what a codec (codec.hpp) of that kind is made of.

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <google/protobuf/message_lite.h>

#include "pkg/es_pg/codec.hpp"

namespace pkg::es_pg {

inline StoredEvent to_stored(std::string_view type, const google::protobuf::MessageLite& payload, int type_version = 1) {
  return {std::string(type), type_version, payload.SerializeAsString()};
}

/// Decodes a stored event by its name: each case says which message its payload is and how an event comes out of it.
///
///   return StoredEventReader<BasketEvent>(stored)
///       .on<pb::BasketStarted>("BasketStarted", 1, [](const pb::BasketStarted& p) -> std::optional<BasketEvent> { ... })
///       .event();
template <class Event>
class StoredEventReader {
 public:
  explicit StoredEventReader(const StoredEvent& stored) : stored_(stored) {}

  /// `read` gives nothing where the payload lacks what the event needs.
  template <class P, class F>
  StoredEventReader& on(std::string_view type, int type_version, F read) {
    if (stored_.type == type && stored_.type_version == type_version) {
      P payload;
      if (payload.ParseFromString(stored_.payload)) event_ = read(std::as_const(payload));
    }
    return *this;
  }

  /// Fails with `internal`, code "unreadable_event", where no case has fitted.
  errors::Result<Event> event() {
    if (event_) return std::move(*event_);
    return errors::fail(errors::ErrorKind::internal, "unreadable_event", "A stored event of type " + stored_.type + " cannot be read.");
  }

 private:
  const StoredEvent& stored_;
  std::optional<Event> event_;
};

}  // namespace pkg::es_pg
