#pragma once
// A saga for tests: a step 0 that only has a compensation, three that do something, two of which can be undone.

#include <string>

#include "pkg/saga_engine/typed_definition.hpp"

namespace pkg::saga::testing {

struct Trip {
  std::string traveller;
  std::string hotel;  ///< filled by the reply of book_hotel
};

inline Codec<Trip> trip_codec() {
  return {.encode = [](const Trip& trip) { return trip.traveller + "|" + trip.hotel; },
          .decode = [](std::string_view bytes) -> std::optional<Trip> {
            const auto bar = bytes.find('|');
            if (bar == std::string_view::npos) return std::nullopt;
            return Trip{std::string(bytes.substr(0, bar)), std::string(bytes.substr(bar + 1))};
          }};
}

inline std::string trip_data(std::string traveller = "ann") { return trip_codec().encode({std::move(traveller), ""}); }

/// A command or a compensation; the latter's payload ends with why it is sent.
inline auto to(std::string channel, std::string type) {
  return [channel = std::move(channel), type = std::move(type)](const Trip& trip, const auto&... why) {
    return Body{type, channel,
                trip.traveller + "/" + trip.hotel + (std::string() + ... + (why.code.empty() ? std::string() : " because of " + why.code))};
  };
}

/// Steps wait 1 s, 2 s and are given up after the second try; compensations wait 1, 2, 4, 4 … s and alert after the third.
inline Definition trip_definition() {
  using std::chrono::seconds;
  const Patience patience{.first = seconds{1}, .most = seconds{4}, .tries = 2, .alert_after = 3};
  const auto take_hotel = [](Trip trip, std::string_view payload) -> std::optional<Trip> {
    if (payload.empty()) return std::nullopt;
    trip.hotel = std::string(payload);
    return trip;
  };
  return define<Trip>("Trip", 1, 1, trip_codec(),
                      {{.name = "request", .compensation = to("desk", "Decline"), .undo = Undo::unless_canceled, .undo_patience = patience},
                       {.name = "check", .command = to("desk", "Check"), .patience = patience},
                       {.name = "book_hotel",
                        .command = to("hotels", "Book"),
                        .compensation = to("hotels", "Unbook"),
                        .on_reply = take_hotel,
                        .patience = patience,
                        .undo_patience = patience},
                       {.name = "book_train",
                        .command = to("trains", "Book"),
                        .compensation = to("trains", "Unbook"),
                        .patience = patience,
                        .undo_patience = patience}});
}

}  // namespace pkg::saga::testing
