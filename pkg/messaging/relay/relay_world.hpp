#pragma once
// A database, a broker and readers that misbehave at random, around the relay's core.

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>
#include <string>
#include <utility>

#include "pkg/messaging/relay/relay_core.hpp"

namespace pkg::messaging::relay_test {

using std::chrono::milliseconds;

class World {
 public:
  explicit World(unsigned seed) : random_(seed), core_(options()) {
    for (const auto* group : {"depot", "search"}) {
      readers_[group].is_there = true;
      saved_.readers.push_back(std::string(group) + " " + channel);
    }
    start();
  }

  void step() {
    switch (pick(22)) {
      case 0:
      case 1:
      case 2:
      case 3: begin(true); break;
      case 4: begin(false); break;
      case 5:
      case 6:
      case 7:
      case 8: decide(); break;
      case 9:
      case 10:
      case 11: hand_over(); break;
      case 12:
      case 13:
      case 14:
      case 15: answer_publish(true); break;
      case 16:
      case 17: answer_store(); break;
      case 18: pass(milliseconds(pick(1000))); break;
      case 19: mishap(); break;
      case 20:
      case 21: read(); break;
    }
    take();
  }

  void settle() {
    well_ = true;
    if (!connected_) connect();
    for (int i = 0; i < 20'000 && !(transactions_.empty() && decided_.empty() && core_.is_drained() && all_stored()); ++i) {
      decide();
      hand_over();
      answer_publish(true);
      answer_store();
      pass(milliseconds(20));
      take();
    }
    for (auto& [group, reader] : readers_) {
      for (; reader.next < log_.size(); ++reader.next) handle(reader, log_[reader.next]);
    }
  }

  void check() {
    EXPECT_TRUE(early_.empty()) << "published before it was committed: " << early_.begin()->seq;
    EXPECT_TRUE(disordered_.empty()) << "out of order: " << disordered_.begin()->seq;
    for (const auto& place : committed_messages()) {
      for (const auto& [group, reader] : readers_)
        EXPECT_TRUE(reader.has.contains(place) || dead_.contains(place)) << "lost for " << group << ": " << place.seq << "." << place.part;
    }
    EXPECT_TRUE(core_.is_drained());
  }

  std::size_t committed() const { return committed_.size(); }
  std::size_t refills() const { return core_.figures().refills; }
  std::size_t spilled() const { return core_.figures().spilled; }
  std::size_t spared() const { return spared_; }

 private:
  using Keys = std::vector<std::string>;         ///< of a row's messages
  using Rows = std::vector<std::pair<Seq, Keys>>;
  struct Transaction {
    std::uint64_t xid;
    bool ours;
    Keys keys;
    std::optional<Ticket> ticket;
    Rows rows;  ///< once it has taken its numbers
  };
  struct Decided {
    Ticket ticket;
    int outcome;  // 0 committed, 1 rolled back, 2 unknown
    Rows rows;
  };
  struct InFlight {
    std::uint64_t epoch;
    OutboxPlace place;
  };

  struct Reader {
    bool is_there = false;  ///< the broker knows it
    std::size_t next = 0;   ///< in the broker's log
    std::set<OutboxPlace> has;  ///< for ever: that is in its database
    std::map<std::string, OutboxPlace> last_of;  ///< each key, in the order in which they had their effect
  };
  static constexpr const char* channel = "mall.events";

  static RelayOptions options() {
    RelayOptions options;
    options.window = 6;
    options.max_messages = 10;
    options.max_held = 4;
    options.sweep_limit = 4;
    options.readers = {.interval = milliseconds(50), .longest = milliseconds(400), .patience = std::chrono::hours(24)};
    return options;
  }

  unsigned pick(unsigned below) { return std::uniform_int_distribution<unsigned>(0, below - 1)(random_); }

  void start() { core_.start(saved_, connected_, now_); }

  // A key is written by one transaction at a time, as optimistic concurrency has it. A transaction that began earlier may take its numbers
  // later; ours announce themselves before they do.
  void begin(bool ours) {
    Transaction made{next_xid_++, ours, {}, std::nullopt, {}};
    if (!ours) core_.others_write(now_);
    const unsigned count = 1 + pick(3);
    for (unsigned i = 0; i < count; ++i) {
      const std::string key(1, static_cast<char>('a' + pick(5)));
      if (locked_.contains(key) && locked_[key] != made.xid) continue;
      locked_[key] = made.xid;
      made.keys.push_back(key);
    }
    transactions_.push_back(std::move(made));
  }

  void take_numbers(Transaction& of) {
    if (of.ours) of.ticket = core_.announced();
    for (const auto& key : std::exchange(of.keys, {})) {
      if (of.rows.empty() || pick(2) == 0) of.rows.emplace_back(next_seq_++, Keys{});
      of.rows.back().second.push_back(key);
    }
  }

  void decide() {
    if (transactions_.empty()) return;
    const auto at = transactions_.begin() + pick(static_cast<unsigned>(transactions_.size()));
    if (!at->keys.empty()) return take_numbers(*at);
    Transaction done = std::move(*at);
    transactions_.erase(at);
    last_decided_ = std::max(last_decided_, done.xid);
    std::erase_if(locked_, [&](const auto& lock) { return lock.second == done.xid; });
    const bool commits = pick(5) != 0;
    if (commits) committed_.insert(done.rows.begin(), done.rows.end());
    if (!done.ticket) return;
    const bool unknown = pick(8) == 0;
    decided_.push_back({*done.ticket, unknown ? 2 : commits ? 0 : 1, std::move(done.rows)});
  }

  void hand_over() {
    if (decided_.empty()) return;
    const auto at = decided_.begin() + pick(static_cast<unsigned>(decided_.size()));
    const Decided done = std::move(*at);
    decided_.erase(at);
    switch (done.outcome) {
      case 0: {
        std::vector<OutboxRow> rows;
        for (const auto& [seq, keys] : done.rows) rows.push_back(row(seq, keys));
        return core_.committed(done.ticket, std::move(rows), now_);
      }
      case 1: return core_.rolled_back(done.ticket, now_);
      default: return core_.unknown(done.ticket, now_);
    }
  }

  static OutboxRow row(Seq seq, const Keys& keys) {
    OutboxRow row{.seq = seq, .messages = {}};
    for (const auto& key : keys) {
      Message message;
      message.id = std::to_string(seq) + "." + std::to_string(row.messages.size());
      message.channel = channel;
      message.key = key;
      row.messages.push_back(std::make_shared<const Message>(message));  // shared as said at OutboxRow
    }
    return row;
  }

  void take() {
    for (auto& action : core_.take_actions()) {
      if (auto* publish = std::get_if<RelayAction::Publish>(&action.what)) {
        if (!core_.may_publish(action)) {
          core_.withdraw(action, now_);
          continue;
        }
        in_flight_.push_back({action.epoch, publish->message.place});
        if (!committed_.contains(publish->message.place.seq)) early_.insert(publish->message.place);
      } else {
        store_work_.push_back(std::move(action));
      }
    }
  }

  void answer_publish(bool connected) {
    if (in_flight_.empty()) return;
    const auto at = in_flight_.begin() + (connected ? pick(static_cast<unsigned>(in_flight_.size())) : 0);
    const InFlight sent = std::move(*at);
    in_flight_.erase(at);
    const unsigned luck = well_ ? 9 : pick(10);
    if (!connected_ || !connected || luck == 0) return failed(sent, PublishFailure::unconfirmed);
    if (luck == 1) return failed(sent, PublishFailure::refused);
    const bool fresh = stored_.emplace(sent.place, sequence_ + 1).second;
    if (fresh) {
      log_.push_back(sent.place);
      ++sequence_;
    }
    if (luck == 2) return failed(sent, PublishFailure::unconfirmed);
    core_.published(sent.epoch, sent.place, Stored{stored_.at(sent.place), !fresh}, now_);
  }

  void failed(const InFlight& sent, PublishFailure failure) { core_.published(sent.epoch, sent.place, std::unexpected(failure), now_); }

  void answer_store() {
    if (store_work_.empty()) return;
    const RelayAction action = std::move(store_work_.front());
    store_work_.erase(store_work_.begin());
    const bool away = !well_ && pick(10) == 0;
    if (auto* sweep = std::get_if<RelayAction::Sweep>(&action.what)) {
      if (away) return core_.swept(action.epoch, errors::fail(errors::ErrorKind::unavailable, "away", "Away."), now_);
      Swept seen = look(sweep->request);
      // The answer is on its way while other things happen.
      if (pick(2) == 0) {
        for (unsigned i = pick(4); i > 0; --i) {
          decide();
          hand_over();
          begin(true);
        }
      }
      return core_.swept(action.epoch, std::move(seen), now_);
    }
    if (auto* save = std::get_if<RelayAction::Save>(&action.what)) {
      if (!away) saved_ = save->mark;
      return core_.saved(action.epoch, save->mark, !away, now_);
    }
    if (auto* dead = std::get_if<RelayAction::RecordDead>(&action.what)) {
      if (!away) dead_.insert(dead->message.place);
      return core_.dead_recorded(action.epoch, dead->message.place, !away, now_);
    }
    if (std::holds_alternative<RelayAction::AskPositions>(action.what)) {
      if (!connected_) return core_.positions(action.epoch, errors::fail(errors::ErrorKind::unavailable, "away", "Away."), now_);
      Positions positions{{identity(), sequence_}, {}};
      for (const auto& [group, reader] : readers_) {
        if (reader.is_there) positions.groups.push_back({group, channel, reader.next});
      }
      if (pick(8) == 0) wipe();  // while the answer is on its way
      return core_.positions(action.epoch, positions, now_);
    }
    if (std::holds_alternative<RelayAction::AskBroker>(action.what)) {
      const auto refills = core_.figures().refills;
      if (!connected_) return core_.broker_state(action.epoch, errors::fail(errors::ErrorKind::unavailable, "away", "Away."), now_);
      core_.broker_state(action.epoch, StreamState{identity(), sequence_}, now_);
      if (core_.figures().refills > refills) spared_ += static_cast<std::size_t>(core_.settled());
    }
  }

  std::string identity() const { return "broker-" + std::to_string(incarnation_); }

  // One that the broker does not know comes back first.
  void read() {
    auto& reader = readers_[pick(2) == 0 ? "depot" : "search"];
    if (!connected_) return;
    reader.is_there = true;
    for (unsigned i = pick(12); i > 0 && reader.next < log_.size(); --i) handle(reader, log_[reader.next++]);
  }

  void handle(Reader& reader, const OutboxPlace& place) {
    if (!reader.has.insert(place).second) return;
    OutboxPlace& last = reader.last_of[committed_.at(place.seq).at(place.part)];
    // What is dead is no longer in order with the rest.
    if (last > place && !dead_.contains(place)) disordered_.insert(place);
    last = std::max(last, place);
  }

  // As PostgreSQL has it: what is above the highest decided transaction is not told apart, whether it runs or not.
  Swept look(const SweepRequest& request) {
    Swept seen;
    seen.oldest_running = last_decided_ + 1;
    for (const auto& running : transactions_) seen.oldest_running = std::min(seen.oldest_running, running.xid);
    const auto is_wanted = [&](Seq seq) {
      return seq > request.above || std::ranges::any_of(request.gaps, [&](const auto& gap) { return gap.first <= seq && seq <= gap.last; });
    };
    for (const auto& [seq, keys] : committed_) {
      if (is_wanted(seq) && seen.rows.size() < request.limit) seen.rows.push_back(row(seq, keys));
    }
    const Seq end = std::max(request.heard, seen.rows.empty() ? 0 : seen.rows.back().seq);
    for (Seq seq = 1; seq <= end && !seen.bound; ++seq) {
      if (is_wanted(seq) && !committed_.contains(seq)) seen.bound = last_decided_ = next_xid_++;
    }
    return seen;
  }

  void mishap() {
    switch (pick(5)) {
      case 0: return connected_ ? disconnect() : connect();
      case 1: return connected_ ? disconnect() : connect();
      case 2: return wipe();
      case 3: return restart();
      default: return pass(milliseconds(pick(3000)));
    }
  }

  void disconnect() {
    connected_ = false;
    core_.connection(false, now_);
    while (!in_flight_.empty()) answer_publish(false);
  }
  void connect() {
    connected_ = true;
    core_.connection(true, now_);
  }
  void wipe() {
    if (connected_) disconnect();
    stored_.clear();
    log_.clear();
    for (auto& [group, reader] : readers_) reader.is_there = false, reader.next = 0;
    sequence_ = 0;
    ++incarnation_;
    connect();
  }
  // Another process takes over: what was in memory is gone, what this one was told later is not.
  void restart() {
    core_.stop();
    while (!in_flight_.empty()) answer_publish(false);
    start();
  }

  void pass(clock::Duration time) {
    now_ += time;
    core_.tick(now_);
  }

  /// Who reads it has it, or finds it at the broker.
  bool is_safe(const OutboxPlace& place) const {
    return stored_.contains(place) || dead_.contains(place) ||
           std::ranges::all_of(readers_, [&](const auto& reader) { return reader.second.has.contains(place); });
  }

  std::vector<OutboxPlace> committed_messages() const {
    std::vector<OutboxPlace> places;
    for (const auto& [seq, keys] : committed_) {
      for (std::uint32_t part = 0; part < keys.size(); ++part) places.push_back({seq, part});
    }
    return places;
  }

  bool all_stored() const {
    return std::ranges::all_of(committed_messages(), [&](const auto& place) { return is_safe(place); });
  }

  std::mt19937 random_;
  clock::TimePoint now_{std::chrono::seconds(1000)};
  RelayCore core_;

  std::uint64_t next_xid_ = 1;
  std::uint64_t last_decided_ = 0;
  Seq next_seq_ = 1;
  std::vector<Transaction> transactions_;
  std::map<std::string, std::uint64_t> locked_;
  std::map<Seq, Keys> committed_;
  std::vector<Decided> decided_;
  std::vector<RelayAction> store_work_;
  RelayMark saved_;
  std::set<OutboxPlace> dead_;

  bool connected_ = true;
  bool well_ = false;
  int incarnation_ = 1;
  std::uint64_t sequence_ = 0;
  std::vector<InFlight> in_flight_;
  std::map<OutboxPlace, std::uint64_t> stored_;
  std::vector<OutboxPlace> log_;  // sequences are places in it, counted from 1
  std::map<std::string, Reader> readers_;
  std::size_t spared_ = 0;

  std::set<OutboxPlace> early_;
  std::set<OutboxPlace> disordered_;
};

}  // namespace pkg::messaging::relay_test
