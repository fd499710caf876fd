#pragma once
// What is out with a subscription's owner, and how to answer the server for it.

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "pkg/clock/clock.hpp"

namespace pkg::messaging::nats {

/// Records of one or several messages. The server hears of a record when all its messages are settled. A record delivered again keeps
/// its place: every tag that its messages were given under stands for them, and the answer goes to the newest delivery. No lock of its
/// own.
class Unacknowledged {
 public:
  /// Gives the tag of this delivery's first message; those of the others follow. A record that was stored at another time is another one:
  /// a server that lost its last records gives their sequences again.
  std::uint64_t add(std::size_t channel, std::uint64_t sequence, std::string_view reply, std::size_t messages = 1,
                    clock::TimePoint stored_at = {});
  /// Whether the message is not settled.
  bool is_out(std::uint64_t tag) const { return find(tag).has_value(); }
  /// Where to answer for a tag; nothing where its message is settled or it was never given.
  std::optional<std::string> reply_of(std::uint64_t tag) const;
  /// Done with the message. Where it was the last of its record gives where to answer for that, and forgets it.
  std::optional<std::string> settle(std::uint64_t tag);
  bool holds(std::size_t channel, std::uint64_t sequence) const { return out_.contains({channel, sequence}); }
  /// The same, of the record that was stored then.
  bool holds(std::size_t channel, std::uint64_t sequence, clock::TimePoint stored_at) const;
  /// Forgets all.
  void clear();

 private:
  using Place = std::pair<std::size_t, std::uint64_t>;  ///< channel, sequence
  struct Out {
    std::string reply;
    std::vector<std::uint64_t> first_tags;  ///< of each delivery
    std::vector<bool> settled;  ///< by the message's place in the record
    std::size_t left = 0;
    clock::TimePoint stored_at{};
  };
  struct Found {
    Place place;
    std::size_t message;
  };
  std::optional<Found> find(std::uint64_t tag) const;
  void forget(const Place& place);

  std::map<Place, Out> out_;
  std::map<std::uint64_t, Place> places_;  ///< by the first tag of a delivery
  std::uint64_t last_tag_ = 0;
};

}  // namespace pkg::messaging::nats
