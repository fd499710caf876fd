// Random sagas in a random world: replies that come late, twice, from elsewhere or never, commands that get lost, clocks that ring
// early and cancellations at any time. After a while the world becomes kind, and then every saga must end well.

#include <gtest/gtest.h>

#include <deque>
#include <map>
#include <random>
#include <set>

#include "pkg/saga_engine/engine.hpp"
#include "pkg/saga_engine/plan.hpp"

namespace pkg::saga {
namespace {

using std::chrono::seconds;

struct Dice {
  std::mt19937 engine;
  bool one_in(unsigned n) { return engine() % n == 0; }
  unsigned below(unsigned n) { return static_cast<unsigned>(engine() % n); }
};

Definition random_definition(Dice& dice) {
  Definition definition{.name = "Random"};
  const unsigned count = 1 + dice.below(6);
  for (unsigned n = 0; n < count; ++n) {
    Step step;
    step.name = "s" + std::to_string(n);
    const bool only_undone = dice.one_in(5);
    const auto build = [](std::string_view data, const auto&...) -> errors::Result<Body> {
      return Body{"type", "channel", std::string(data)};
    };
    if (!only_undone) step.command = build;
    if (only_undone || !dice.one_in(3)) step.compensation = build;
    if (dice.one_in(2))
      step.on_reply = [](std::string_view data, std::string_view payload) {
        return errors::Result<std::string>(std::string(data) + std::string(payload));
      };
    if (dice.one_in(4)) step.undo = Undo::unless_canceled;
    step.patience = {.first = seconds{1},
                     .most = seconds{1 + dice.below(8)},
                     .tries = dice.one_in(6) ? Patience::for_ever : 1 + dice.below(3),
                     .alert_after = 4};
    step.undo_patience = {.first = seconds{1}, .most = seconds{1 + dice.below(8)}, .alert_after = 1 + dice.below(4)};
    definition.steps.push_back(std::move(step));
  }
  return definition;
}

/// Participants with an inbox each: a message is handled once, whatever is sent; one channel, so in order.
class World {
 public:
  World(Dice& dice, const Definition& definition) : dice_(dice), definition_(definition), state_(not_started(definition, "s1")) {}

  void run() {
    const unsigned chaos = dice_.below(60);
    if (!dice_.one_in(30)) give(Started{"", "", ""});
    for (unsigned n = 0; n < chaos && !::testing::Test::HasFatalFailure(); ++n) mischief();
    if (state_.status == Status::not_started) give(Started{"", "", ""});
    for (int n = 0; n < 500 && !has_ended(state_.status) && !::testing::Test::HasFatalFailure(); ++n) kindness();
    ASSERT_TRUE(has_ended(state_.status)) << "still " << word(state_.status);
    check_end();
    for (int n = 0; n < 10; ++n) mischief();  // nothing revives it
    ASSERT_TRUE(has_ended(state_.status));
  }

 private:
  void mischief() {
    switch (dice_.below(8)) {
      case 0:
      case 1: handle_one(!dice_.one_in(4)); break;
      case 2:
        if (!to_handle_.empty() && dice_.one_in(3)) to_handle_.pop_front();
        break;  // lost on its way
      case 3:
      case 4: deliver(); break;
      case 5: ring(dice_.one_in(2)); break;
      case 6: give(Reply{.command_id = "foreign", .success = dice_.one_in(2)}); break;
      case 7:
        if (dice_.one_in(6)) cancel();
        break;
    }
  }

  void kindness() {
    while (!to_handle_.empty()) handle_one(true);
    while (!replies_.empty()) deliver();
    ring(true);
  }

  void handle_one(bool success) {
    if (to_handle_.empty()) return;
    const Command command = to_handle_.front();
    to_handle_.pop_front();
    if (!inbox_.insert(command.message_id).second) return;
    if (success) (command.direction == Direction::forward ? happened_ : unmade_).insert(command.step);
    replies_.push_back({.command_id = command.message_id, .success = success, .failure_code = "no", .payload = "+"});
  }

  void deliver() {
    if (replies_.empty()) return;
    const auto at = dice_.below(static_cast<unsigned>(replies_.size()));
    const Reply reply = replies_[at];
    if (!dice_.one_in(4)) replies_.erase(replies_.begin() + at);  // else it will come once more
    if (!reply.success) refused_.insert(reply.command_id);
    give(reply);
    delivered_.insert(reply.command_id);
  }

  void ring(bool in_time) {
    if (in_time && state_.wake_at) now_ = std::max(now_, *state_.wake_at);
    give(TimedOut{});
  }

  void cancel() {
    canceled_ = canceled_ || !has_ended(state_.status);
    give(Cancel{});
  }

  void give(const Input& input) {
    const State before = state_;
    const auto turn = advance(definition_, state_, input, now_);
    ASSERT_TRUE(turn) << turn.error().detail;
    state_ = turn->state;
    note_refusal(before, input);
    if (!turn->changed) {
      ASSERT_EQ(state_, before);
      ASSERT_TRUE(turn->commands.empty() && turn->history.empty());
    } else {
      ASSERT_EQ(state_.version, before.version + 1);
      ASSERT_FALSE(turn->history.empty() && turn->commands.empty());
    }
    if (has_ended(before.status)) {
      ASSERT_EQ(state_.status, before.status);
    }
    const bool waits = state_.status != Status::not_started && !has_ended(state_.status);
    ASSERT_EQ(state_.in_flight.has_value(), waits);
    ASSERT_EQ(state_.wake_at.has_value(), waits);
    if (state_.wake_at && turn->changed && !turn->commands.empty()) {
      ASSERT_GT(*state_.wake_at, now_);
    }
    ASSERT_LE(turn->commands.size(), 1U);
    for (const auto& command : turn->commands) sent(command);
    (void)plan(definition_, state_);
  }

  /// A step whose own command was refused while it was out has not happened.
  void note_refusal(const State& before, const Input& input) {
    const auto* reply = std::get_if<Reply>(&input);
    const auto& out = before.in_flight;
    if (!reply || reply->success || !out || out->direction != Direction::forward || out->message_id != reply->command_id) return;
    said_no_.insert(definition_.steps[out->step].name);
  }

  void sent(const Command& command) {
    to_handle_.push_back(command);
    const auto owner = owners_.try_emplace(command.message_id, command.step, command.direction).first->second;
    ASSERT_EQ(owner, std::pair(command.step, command.direction)) << "one message id for two commands";
    auto& current = current_[{command.step, command.direction}];
    if (command.direction == Direction::forward) {
      ASSERT_TRUE(compensated_.empty()) << "forward after compensation began";
      ASSERT_FALSE(canceled_) << "forward after a cancellation";
      ASSERT_TRUE(current.empty() || current == command.message_id);
    } else {
      compensated_.insert(command.step);
      ASSERT_FALSE(said_no_.contains(command.step)) << "compensated although it was refused";
      ASSERT_TRUE(current.empty() || current == command.message_id || refused_.contains(current)) << "compensated twice at the same time";
      ASSERT_FALSE(undone_.contains(command.step)) << "compensated again after it was undone";
    }
    current = command.message_id;
    ASSERT_TRUE(open_.empty() || open_ == command.message_id || delivered_or_left(open_)) << "two commands out at the same time";
    open_ = command.message_id;
    for (std::size_t at = 0; at < definition_.steps.size(); ++at) {
      if (state_.steps[at] == Progress::undone) undone_.insert(definition_.steps[at].name);
    }
  }

  /// A command is over when its reply was taken, when the step was given up, or when the cancellation made it pointless.
  bool delivered_or_left(const std::string& id) const {
    const auto& [step, direction] = owners_.at(id);
    for (std::size_t at = 0; at < definition_.steps.size(); ++at) {
      if (definition_.steps[at].name != step) continue;
      if (direction == Direction::forward) return state_.steps[at] != Progress::sent;
      return state_.steps[at] == Progress::undone || refused_.contains(id) ||
             (canceled_ && definition_.steps[at].undo == Undo::unless_canceled);
    }
    return false;
  }

  void check_end() {
    if (state_.status == Status::completed) {
      ASSERT_TRUE(compensated_.empty());
      for (const auto& step : definition_.steps) ASSERT_TRUE(!step.command || happened_.contains(step.name)) << step.name;
      return;
    }
    ASSERT_EQ(state_.status == Status::canceled, canceled_);
    for (std::size_t at = 0; at < definition_.steps.size(); ++at) {
      const auto& step = definition_.steps[at];
      const bool reached = step.command ? happened_.contains(step.name) : state_.steps[at] != Progress::pending;
      if (reached && step.compensation && (step.undo == Undo::always || !canceled_)) {
        ASSERT_TRUE(unmade_.contains(step.name)) << step.name;
      }
      ASSERT_NE(state_.steps[at], Progress::sent);
    }
  }

  Dice& dice_;
  const Definition& definition_;
  State state_;
  clock::TimePoint now_{seconds{1'700'000'000}};
  std::deque<Command> to_handle_;
  std::deque<Reply> replies_;
  std::set<std::string> inbox_, happened_, unmade_, refused_, delivered_, compensated_, undone_, said_no_;
  std::map<std::string, std::pair<std::string, Direction>> owners_;
  std::map<std::pair<std::string, Direction>, std::string> current_;
  std::string open_;
  bool canceled_ = false;
};

TEST(SagaInARandomWorld, AlwaysEndsWithEverythingDoneOrEverythingUndone) {
  for (unsigned seed = 0; seed < 20'000; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Dice dice{std::mt19937(seed)};
    const auto definition = random_definition(dice);
    ASSERT_TRUE(check(definition));
    World(dice, definition).run();
    if (::testing::Test::HasFatalFailure()) return;
  }
}

}  // namespace
}  // namespace pkg::saga
