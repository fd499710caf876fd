#pragma once
// How far those have come who read what a relay publishes. Pure: fed with what the broker says now and then.
//
// A broker that lost everything needs only those messages again that somebody has not handled yet. Which these are is found by
// checkpoints: "all rows up to here are confirmed, none above that sequence". When every reader has acknowledged that sequence, all of
// the checkpoint's rows have had their effect everywhere, and the next one is taken.

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "pkg/clock/clock.hpp"
#include "pkg/errors/error.hpp"
#include "pkg/messaging/broker.hpp"
#include "pkg/messaging/relay/outbox_row.hpp"

namespace pkg::messaging {

class Readers {
 public:
  struct Options {
    clock::Duration interval{std::chrono::seconds(5)};  ///< a checkpoint is asked about after this long; doubled while it is not reached
    clock::Duration longest{std::chrono::minutes(1)};  ///< but not beyond this
    clock::Duration patience{std::chrono::minutes(10)};  ///< a reader that the broker has not named for so long is no reader any more
  };

  explicit Readers(Options options) : options_(options) {}

  /// What a predecessor knew. `names` are of readers that have to be heard of before anything counts as handled: a broker that was
  /// emptied names them only when they are back.
  void start(Seq handled, const std::vector<std::string>& names, clock::TimePoint now);
  /// A row goes to this channel.
  void note_channel(const std::string& channel);
  /// True where the broker is to be asked now where the groups stand in channels(). Rows up to `settled` are confirmed, the highest
  /// under `sequence`.
  bool wants_to_ask(Seq settled, std::uint64_t sequence, clock::TimePoint now);
  /// The answer; it counts where it is from the broker of this identity. A reader that was not known sets handled() back to 0, as
  /// nobody can say what of its history it has.
  void hear(const errors::Result<Positions>& answer, const std::string& identity, clock::TimePoint now);
  /// The broker is another or in doubt: what is under way means nothing.
  void forget_checkpoint();

  /// Every row up to here has been handled by every reader that was ever named.
  Seq handled() const { return handled_; }
  std::vector<std::string> names() const;
  std::vector<std::string> channels() const { return {channels_.begin(), channels_.end()}; }
  /// wants_to_ask() is to be looked at again by then.
  std::optional<clock::TimePoint> next_wake() const;

 private:
  struct Checkpoint {
    Seq settled;
    std::uint64_t sequence;
  };

  void ask_later(clock::TimePoint now);

  Options options_;
  Seq handled_ = 0;
  std::map<std::string, clock::TimePoint> last_seen_;  // by name
  std::set<std::string> channels_;
  std::optional<Checkpoint> checkpoint_;
  clock::Duration wait_{};
  clock::TimePoint next_ask_{};
  bool asking_ = false;
};

}  // namespace pkg::messaging
