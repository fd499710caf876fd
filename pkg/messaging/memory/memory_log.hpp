#pragma once
// What the memory broker keeps: channels, and where each group stands in them. No thread and no lock of its own.

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "pkg/clock/clock.hpp"
#include "pkg/messaging/broker.hpp"
#include "pkg/messaging/cloud_event.hpp"

namespace pkg::messaging {

struct Record {
  std::uint64_t sequence = 0;
  std::vector<Header> headers;
  std::string payload;
};

/// Who holds a delivery: a subscription's number.
using Holder = std::uint64_t;

class MemoryLog {
 public:
  struct Append {
    std::uint64_t sequence;
    bool duplicate;
  };
  struct Taken {
    const Record* record;
    std::uint32_t attempt;
    std::uint64_t tag;
  };

  /// An id that is not empty is stored once.
  Append append(const std::string& channel, const std::string& id, std::vector<Header> headers, std::string payload);

  /// The next message for a group in a channel: one whose time to be delivered again has come, else, where the holder's window
  /// allows it, a new one.
  std::optional<Taken> take(const std::string& group, const std::string& channel, Holder holder, bool window_is_open, clock::TimePoint now,
                            clock::Duration ack_wait);
  void acknowledge(std::uint64_t tag);
  void deliver_again_at(std::uint64_t tag, clock::TimePoint due);

  /// All that the holder has not acknowledged is due at once.
  void let_go(Holder holder, clock::TimePoint now);

  std::size_t held_by(Holder holder) const;
  /// When the next delivery falls due that is not due yet.
  std::optional<clock::TimePoint> next_due(clock::TimePoint now) const;
  /// Where each group stands that has taken something from one of these channels.
  std::vector<GroupPosition> positions(std::span<const std::string> channels) const;
  const std::deque<Record>* records(std::string_view channel) const;
  std::uint64_t last_sequence() const { return last_sequence_; }
  /// As if nothing had ever been stored; tags given out before mean nothing from now on.
  void forget();

 private:
  struct Pending {
    std::size_t index;
    std::uint32_t attempt;
    Holder holder;
    clock::TimePoint due;
    std::vector<std::uint64_t> tags;  ///< one per delivery; each of them acknowledges
  };
  struct Position {
    std::size_t next = 0;
    std::map<std::uint64_t, Pending> pending;  ///< by sequence
  };
  using PositionKey = std::pair<std::string, std::string>;  ///< group, channel
  struct TagOf {
    PositionKey position;
    std::uint64_t sequence;
  };

  Pending* find(std::uint64_t tag);
  std::uint64_t handled_in(const Position& position, const std::deque<Record>& records) const;

  std::map<std::string, std::deque<Record>, std::less<>> channels_;
  std::map<std::string, std::uint64_t> ids_;
  std::map<PositionKey, Position> positions_;
  std::map<std::uint64_t, TagOf> tags_;
  std::uint64_t last_sequence_ = 0;
  std::uint64_t last_tag_ = 0;
};

}  // namespace pkg::messaging
