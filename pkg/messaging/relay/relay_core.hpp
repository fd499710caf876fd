#pragma once
// The relay's decisions, without I/O and without a clock: fed with what happened, it says what to do next.
//
// Promises, whatever the order of its inputs:
// - nothing is published before it is committed, and everything committed is published or recorded dead;
// - per key (and channel) messages leave in the order of their rows' numbers wherever one could have caused the other, one in flight at a
// time;
// - what is in memory is bounded: beyond that rows are forgotten here and read from the database again.
//
// How order is kept with other writers about (other replicas, commits whose answer was lost): a row handed over is released only
// when every lower number is accounted for. A missing one is mostly a commit of this process whose answer is on its way; where it
// is not, one sweep taken after the hand-over shows every row that the handed-over one can have followed.

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <variant>
#include <vector>

#include "pkg/clock/clock.hpp"
#include "pkg/messaging/backoff.hpp"
#include "pkg/messaging/broker.hpp"
#include "pkg/messaging/relay/outbox_row.hpp"
#include "pkg/messaging/relay/outbox_store.hpp"
#include "pkg/messaging/relay/publish_queue.hpp"
#include "pkg/messaging/relay/readers.hpp"
#include "pkg/messaging/relay/sequence_ledger.hpp"

namespace pkg::messaging {

struct RelayOptions {
  std::size_t window = 512;         ///< publishes in flight
  std::size_t max_messages = 8192;  ///< in memory waiting for the broker; beyond that (and a sweep's) they are read from the database again
  std::size_t max_held = 2048;  ///< rows in memory waiting for lower numbers
  std::size_t sweep_limit = 500;  ///< rows read at once
  clock::Duration sweep_interval{std::chrono::seconds(1)};  ///< what other replicas write waits so long at most
  clock::Duration others_time{std::chrono::seconds(10)};  ///< since it was last heard of, and of the lead, another process counts as about
  clock::Duration alone_interval{std::chrono::seconds(30)};  ///< with no other about: for what none of the service's processes wrote
  clock::Duration brisk_interval{std::chrono::milliseconds(50)};  ///< the same in the first time of a lead ...
  clock::Duration brisk_time{0};  ///< ... which is so long: a process that has just handed over commits what it was asked for before
  clock::Duration gap_patience{std::chrono::milliseconds(5)};  ///< how long a lower number of our own commits is waited for
  clock::Duration save_interval{std::chrono::seconds(1)};  ///< a crash publishes again what was confirmed in this time
  clock::Duration retention{std::chrono::minutes(10)};  ///< how long rows are kept after they are confirmed
  Readers::Options readers{};
  Backoff publish_again{};
  Backoff store_again{};
};

struct RelayFigures {
  std::uint64_t published = 0;  ///< confirmed by the broker
  std::uint64_t unconfirmed = 0;  ///< publishes that had to be made again
  std::uint64_t dead = 0;  ///< refused by the broker for good and recorded
  std::uint64_t swept = 0;  ///< messages that were not handed over in memory but found in the database
  std::uint64_t spilled = 0;  ///< messages handed over that memory had no room for
  std::uint64_t passed_over = 0;  ///< messages handed over while another process led, and left to that one's sweep
  std::uint64_t refills = 0;  ///< times that a broker had lost what it confirmed
  std::size_t backlog = 0;  ///< messages in memory that are not confirmed yet
  std::uint64_t unhandled = 0;  ///< rows confirmed, but not known to be handled by all who read them; a few seconds late
  bool behind = false;  ///< there are more in the database
};

/// What the shell is asked to do. Results come back under the same epoch; those of an older one are ignored.
struct RelayAction {
  struct Publish {
    OutboxMessage message;
  };
  struct Sweep {
    SweepRequest request;
  };
  struct Save {
    RelayMark mark;
  };
  struct RecordDead {
    OutboxMessage message;
  };
  struct AskBroker {};
  struct AskPositions {
    std::vector<std::string> channels;
  };
  struct Delete {
    Seq up_to;
  };
  std::uint64_t epoch = 0;
  std::uint64_t term = 0;  ///< of the broker's, see RelayCore::may_publish
  std::variant<Publish, Sweep, Save, RecordDead, AskBroker, AskPositions, Delete> what;
};

class RelayCore {
 public:
  explicit RelayCore(RelayOptions options) : options_(options), readers_(options.readers) {}

  /// This process leads from now on.
  void start(const RelayMark& mark, bool broker_connected, clock::TimePoint now);
  /// It leads no longer, and forgets everything.
  void stop();

  Ticket announced();
  void committed(Ticket ticket, std::vector<OutboxRow> rows, clock::TimePoint now);
  void rolled_back(Ticket ticket, clock::TimePoint now);
  void unknown(Ticket ticket, clock::TimePoint now);

  void published(std::uint64_t epoch, const OutboxPlace& place, const PublishResult& result, clock::TimePoint now);
  void connection(bool up, clock::TimePoint now);
  void broker_state(std::uint64_t epoch, const errors::Result<StreamState>& state, clock::TimePoint now);

  void positions(std::uint64_t epoch, const errors::Result<Positions>& positions, clock::TimePoint now);

  void swept(std::uint64_t epoch, errors::Result<Swept> result, clock::TimePoint now);
  void saved(std::uint64_t epoch, const RelayMark& mark, bool done, clock::TimePoint now);
  void dead_recorded(std::uint64_t epoch, const OutboxPlace& place, bool done, clock::TimePoint now);
  /// `more`: rows up to `up_to` are left.
  void deleted(std::uint64_t epoch, Seq up_to, bool more, clock::TimePoint now);

  /// Another process was heard of, which may write rows.
  void others_write(clock::TimePoint now);
  void tick(clock::TimePoint now);
  /// Asks for a save at once instead of at the next interval.
  void save_soon(clock::TimePoint now);

  /// False for one that has waited so long that the broker may be another by now, or that we lead no more: it is to be withdrawn.
  bool may_publish(const RelayAction& publish) const { return publish.epoch == epoch_ && publish.term == term_; }
  /// It was not sent, and is wanted again when the broker has said who it is.
  void withdraw(const RelayAction& publish, clock::TimePoint now);

  std::vector<RelayAction> take_actions() { return std::exchange(actions_, {}); }
  /// tick() is to be called by then; nothing while only an input can change anything.
  std::optional<clock::TimePoint> next_wake() const;

  /// Everything that was committed is confirmed and nothing is under way.
  bool is_drained() const;
  /// The database knows how far we are.
  bool is_saved() const { return !active_ || (!saving_ && (refilling_ || settled() <= saved_.settled)); }
  /// Every row up to here is done.
  Seq settled() const;
  bool is_active() const { return active_; }
  std::uint64_t epoch() const { return epoch_; }
  RelayFigures figures() const;

 private:
  enum class BrokerIs { down, verifying, up };
  struct Held {
    OutboxRow row;
    Ticket barrier;  // commits announced before it may own the numbers below
    clock::TimePoint since;
    bool asked = false;  // handed over before the sweep under way was asked for: that one shows all it can have followed
  };
  struct Asked {
    Seq heard;
    std::size_t limit;
  };

  void emit(decltype(RelayAction::what) what) { actions_.push_back({epoch_, term_, std::move(what)}); }
  void accept(OutboxRow row, clock::TimePoint now);
  void release(OutboxRow row);
  void release_held();
  void release_swept(std::vector<OutboxRow> rows, Seq covered, const Swept& seen);
  void spill(const OutboxRow& row);
  void forget_rows(Seq settled);
  void verify();
  void refill(const StreamState& state);
  void evaluate(clock::TimePoint now);
  void publish_ready();
  bool wants_sweep(clock::TimePoint now) const;
  bool has_room() const;
  bool gap_needs_sweep(clock::TimePoint now) const;
  clock::Duration between_sweeps(clock::TimePoint now) const;
  void sweep();
  bool has_news_to_save() const;
  void save_if_due(clock::TimePoint now);
  void look_after_readers(clock::TimePoint now);
  void look_after_retention(clock::TimePoint now);

  const RelayOptions options_;
  std::vector<RelayAction> actions_;
  RelayFigures figures_;
  bool active_ = false;
  std::uint64_t epoch_ = 0;

  // commits
  Ticket last_ticket_ = 0;
  std::set<Ticket> undecided_;
  SequenceLedger ledger_;
  std::map<Seq, Held> held_;
  PublishQueue queue_;
  Seq heard_ = 0;  // the highest number that was ever handed over

  // sweeping
  std::optional<Asked> asked_;
  bool catching_up_ = false;  // rows are known to be in the database that memory does not have
  bool spilled_since_asked_ = false;
  bool sweep_now_ = false;
  std::uint32_t sweep_failures_ = 0;
  clock::TimePoint sweep_not_before_{};
  clock::TimePoint next_sweep_{};
  clock::TimePoint brisk_until_{};
  clock::TimePoint others_until_{};

  // broker
  BrokerIs broker_ = BrokerIs::down;
  std::uint64_t term_ = 0;  // ends when the connection does, or there is doubt
  bool asking_ = false;
  bool ask_stale_ = false;
  std::uint32_t ask_failures_ = 0;
  std::optional<clock::TimePoint> ask_at_;
  clock::TimePoint doubt_again_{};  // a suspicion before this is not followed up
  RelayMark mark_;  // identity and sequence as they are now; `settled` as it is saved
  Readers readers_;
  bool refilling_ = false;
  std::optional<Seq> refilled_at_;  // a refill is over when everything up to here is settled

  // the database's copy
  RelayMark saved_;
  bool saving_ = false;
  std::uint32_t save_failures_ = 0;
  clock::TimePoint next_save_{};
  std::deque<std::pair<clock::TimePoint, Seq>> settled_at_;
  clock::TimePoint next_checkpoint_{};
  Seq deletable_ = 0;
  Seq deleted_ = 0;
  bool deleting_ = false;
  clock::TimePoint delete_not_before_{};
};

}  // namespace pkg::messaging
