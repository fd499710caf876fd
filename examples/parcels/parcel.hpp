#pragma once
// A parcel: its rules and nothing else.
//
//   (none) --send--> on_the_way --deliver--> delivered
//                     \-- see --/

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "pkg/errors/error.hpp"
#include "pkg/ids/id.hpp"

namespace parcels {

using ParcelId = pkg::ids::Id<struct ParcelIdTag>;

// What can have happened to a parcel. When, is kept by the event store.
struct Sent {
  std::string to;
  friend bool operator==(const Sent&, const Sent&) = default;
};
struct Seen {
  std::string place;
  friend bool operator==(const Seen&, const Seen&) = default;
};
struct Delivered {
  friend bool operator==(const Delivered&, const Delivered&) = default;
};
using ParcelEvent = std::variant<Sent, Seen, Delivered>;

enum class ParcelStatus : std::uint8_t { none, on_the_way, delivered };

/// The state that a parcel's events add up to. Id, Event, kind and apply() make it an aggregate of pkg/es.
struct Parcel {
  using Id = ParcelId;
  using Event = ParcelEvent;
  static constexpr std::string_view kind = "Parcel";

  ParcelStatus status = ParcelStatus::none;
  std::string to;
  std::optional<std::string> place;
};

/// The only writer of state. Accepts any event in any state, because history cannot be refused.
Parcel apply(Parcel parcel, const ParcelEvent& event);

/// Why a parcel says no, the first that applies.
enum class ParcelRejection : std::uint8_t {
  no_such_parcel,
  already_sent,
  already_delivered,
  address_missing,
};
struct ParcelRejected {
  ParcelRejection reason;
  std::string detail;
};
pkg::errors::Error to_error(const ParcelRejected& rejected);

/// The events that follow from a command, or why it is refused; no events: there is nothing to do.
using Decision = std::expected<std::vector<ParcelEvent>, ParcelRejected>;

Decision send(const Parcel& parcel, const std::string& to);
Decision see(const Parcel& parcel, const std::string& place);
Decision deliver(const Parcel& parcel);

}  // namespace parcels
