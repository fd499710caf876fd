#pragma once
// A RelayCore to feed by hand: what the tests of this folder share.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "pkg/messaging/relay/relay_core.hpp"

namespace pkg::messaging::relay_test {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

inline OutboxRow row(Seq seq, const std::string& key) {
  Message message;
  message.id = "id-" + std::to_string(seq);
  message.channel = "mall.events";
  message.key = key;
  return {seq, {std::make_shared<const Message>(message)}};  // shared as said at OutboxRow
}

// A relay that leads, whose broker answers at once and whose outbox was swept and is empty up to 10.
class Relay : public ::testing::Test {
 protected:
  explicit Relay(RelayOptions options = {}) : core_(options) { lead({10, "broker-1", 100}); }

  void lead(const RelayMark& mark) {
    core_.start(mark, true, now_);
    take();
    answer_broker({mark.broker_identity.empty() ? "broker-1" : mark.broker_identity, mark.last_sequence});
    answer_sweep({});
  }

  /// Sorts what the core wants into the lists below.
  void take() {
    for (auto& action : core_.take_actions()) {
      if (auto* publish = std::get_if<RelayAction::Publish>(&action.what)) publishes_.push_back(publish->message.place.seq);
      if (auto* sweep = std::get_if<RelayAction::Sweep>(&action.what)) sweep_ = sweep->request;
      if (auto* save = std::get_if<RelayAction::Save>(&action.what)) save_ = save->mark;
      if (auto* dead = std::get_if<RelayAction::RecordDead>(&action.what)) dead_.push_back(dead->message.place.seq);
      if (auto* del = std::get_if<RelayAction::Delete>(&action.what)) delete_ = del->up_to;
      if (std::holds_alternative<RelayAction::AskBroker>(action.what)) asked_ = true;
      if (auto* ask = std::get_if<RelayAction::AskPositions>(&action.what)) asked_positions_ = ask->channels;
    }
  }
  std::vector<Seq> published() {
    take();
    return std::exchange(publishes_, {});
  }
  bool wants_sweep() {
    take();
    return sweep_.has_value();
  }
  void answer_sweep(std::vector<OutboxRow> rows, std::uint64_t oldest_running = 1000, std::uint64_t bound = 1000) {
    ASSERT_TRUE(wants_sweep());
    sweep_.reset();
    core_.swept(core_.epoch(), Swept{std::move(rows), oldest_running, bound}, now_);
    take();
  }
  void answer_broker(StreamState state) {
    take();
    ASSERT_TRUE(std::exchange(asked_, false));
    core_.broker_state(core_.epoch(), state, now_);
    take();
  }
  void commit(std::vector<OutboxRow> rows) { core_.committed(core_.announced(), std::move(rows), now_); }
  void confirm(Seq seq, std::uint64_t sequence = 0) {
    core_.published(core_.epoch(), {seq, 0}, Stored{sequence == 0 ? 100 + seq : sequence, false}, now_);
  }
  void fail(Seq seq, PublishFailure failure) { core_.published(core_.epoch(), {seq, 0}, std::unexpected(failure), now_); }
  void pass(clock::Duration time) {
    now_ += time;
    core_.tick(now_);
  }

  clock::TimePoint now_{seconds(1'000'000)};
  RelayCore core_;
  std::vector<Seq> publishes_;
  std::vector<Seq> dead_;
  std::optional<SweepRequest> sweep_;
  std::optional<RelayMark> save_;
  std::optional<Seq> delete_;
  bool asked_ = false;
  std::optional<std::vector<std::string>> asked_positions_;
};

}  // namespace pkg::messaging::relay_test
