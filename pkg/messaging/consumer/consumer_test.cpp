#include "pkg/messaging/consumer/consumer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>

#include "pkg/messaging/consumer/memory_stores.hpp"
#include "pkg/testing/wait.hpp"

namespace pkg::messaging {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

// Hands deliveries to the consumer and notes what it says about them.
class HandBroker final : public Broker {
 public:
  void publish(const Message&, Published) override {}
  std::unique_ptr<Subscription> subscribe(SubscribeTo what, OnDelivery on_delivery) override {
    what_ = std::move(what);
    on_delivery_ = std::move(on_delivery);
    return std::make_unique<Noted>(*this);
  }
  errors::Result<StreamState> state() override { return StreamState{}; }
  errors::Result<Positions> positions(std::span<const std::string>) override { return Positions{}; }
  bool is_connected() const override { return true; }
  void on_connection(OnConnection) override {}

  void deliver(std::uint64_t tag, const std::string& key, std::uint64_t sequence = 0, std::uint32_t attempt = 1) {
    Delivery delivery;
    delivery.tag = tag;
    delivery.sequence = sequence;
    delivery.attempt = attempt;
    delivery.message.id = std::to_string(tag);
    delivery.message.key = key;
    delivery.message.type = "mall.Happened";
    delivery.stored_at = stored_at;
    on_delivery_(std::move(delivery));
  }
  clock::TimePoint stored_at = clock::SystemClock().now() - seconds(1);  ///< of what is delivered
  const SubscribeTo& asked_for() const { return what_; }
  std::vector<std::uint64_t> acknowledged() const {
    const std::scoped_lock lock(mutex_);
    return acknowledged_;
  }
  std::size_t signs_of_life() const {
    const std::scoped_lock lock(mutex_);
    return in_progress_;
  }
  /// Acknowledging takes until it is let go on.
  void hold_acknowledgements(bool hold) {
    const std::scoped_lock lock(mutex_);
    holds_ = hold;
    let_go_.notify_all();
  }

 private:
  struct Noted final : Subscription {
    explicit Noted(HandBroker& to) : broker(to) {}
    void acknowledge(std::span<const std::uint64_t> tags) override {
      std::unique_lock lock(broker.mutex_);
      broker.let_go_.wait(lock, [this] { return !broker.holds_; });
      broker.acknowledged_.insert(broker.acknowledged_.end(), tags.begin(), tags.end());
    }
    void in_progress(std::span<const std::uint64_t> tags) override {
      const std::scoped_lock lock(broker.mutex_);
      broker.in_progress_ += tags.size();
    }
    void release(std::span<const std::uint64_t>, milliseconds) override {}
    HandBroker& broker;
  };
  SubscribeTo what_;
  OnDelivery on_delivery_;
  mutable std::mutex mutex_;
  std::vector<std::uint64_t> acknowledged_;
  std::size_t in_progress_ = 0;
  std::condition_variable let_go_;
  bool holds_ = false;
};

class AwayTransactor final : public uow::Transactor {
 public:
  errors::Result<> run(const uow::Cause& cause, const Work& work) override {
    ++runs;
    if (away) return std::unexpected(database_away());
    return inner_.run(cause, work);
  }
  std::atomic<bool> away = false;
  std::atomic<int> runs = 0;

 private:
  uow::MemoryTransactor inner_;
};

/// Notes where the time went.
class Stopwatch final : public MessagingListener {
 public:
  void took(Hop hop, std::chrono::nanoseconds time) override {
    const std::scoped_lock lock(mutex_);
    times_[hop].push_back(time);
  }
  void handled_together(std::size_t messages) override {
    const std::scoped_lock lock(mutex_);
    batches_.push_back(messages);
  }
  std::vector<std::chrono::nanoseconds> times(Hop hop) {
    const std::scoped_lock lock(mutex_);
    return times_[hop];
  }
  std::vector<std::size_t> batches() {
    const std::scoped_lock lock(mutex_);
    return batches_;
  }

 private:
  std::mutex mutex_;
  std::map<Hop, std::vector<std::chrono::nanoseconds>> times_;
  std::vector<std::size_t> batches_;
};

class ConsumerTest : public ::testing::Test {
 protected:
  ConsumerTest() {
    options_.subscription.ack_wait = milliseconds(60);
    options_.lanes = 2;
    options_.store_again = {.first = milliseconds(5), .cap = milliseconds(5), .spread = 0};
    handlers_.on("mall.Happened", [this](uow::UnitOfWork&, const Message& message) -> errors::Result<> {
      std::unique_lock lock(mutex_);
      ++entered_;
      open_.wait(lock, [&] { return !blocked_key_ || message.key != *blocked_key_; });
      if (message.key == failing_key_) return errors::fail(errors::ErrorKind::internal, "no", {});
      order_[message.key].push_back(message.id);
      return {};
    });
  }
  void block(std::optional<std::string> key) {
    const std::scoped_lock lock(mutex_);
    blocked_key_ = std::move(key);
    open_.notify_all();
  }
  std::size_t entered() {
    const std::scoped_lock lock(mutex_);
    return entered_;
  }
  void start() { consumer_.emplace(broker_, handler_, options_, Consumer::Parked{}, stopwatch_); }
  /// Of one lane, whose first message stays at work until its key is let go.
  void start_with_one_at_work(const std::string& key) {
    options_.lanes = 1;
    block(key);
    start();
    broker_.deliver(1, key);
    ASSERT_TRUE(pkg::testing::wait_until([&] { return entered() == 1; }, "the first message at work"));
  }
  void await_acknowledged(std::size_t count) {
    pkg::testing::wait_until([&] { return broker_.acknowledged().size() >= count; }, "acknowledgements");
  }

  Stopwatch stopwatch_;
  HandBroker broker_;
  AwayTransactor transactor_;
  MemoryParkingLot lot_;
  // One lane's unit at a time reads what another's commit writes; the database does that for the real ones.
  class LockedInbox final : public Inbox {
   public:
    errors::Result<std::vector<Admission>> admit(uow::UnitOfWork&, std::span<const Message* const> messages) override {
      return std::vector<Admission>(messages.size(), Admission{true, false});
    }
    void admit_as_expected(uow::UnitOfWork&, std::span<const Expected>) override {}
    errors::Result<std::uint64_t> forget_before(clock::TimePoint, std::size_t) override { return 0; }
  } inbox_;
  Handlers handlers_;
  clock::SystemClock clock_;
  BatchHandler handler_{transactor_, inbox_, lot_, handlers_, clock_};
  ConsumerOptions options_;
  std::mutex mutex_;
  std::condition_variable open_;
  std::optional<std::string> blocked_key_;
  std::optional<std::string> failing_key_;
  std::size_t entered_ = 0;
  std::map<std::string, std::vector<std::string>> order_;
  std::optional<Consumer> consumer_;
};

// Two keys that fall into different lanes of two.
std::pair<std::string, std::string> keys_apart() {
  const std::string first = "a";
  for (char c = 'b';; ++c) {
    const std::string second(1, c);
    if (std::hash<std::string>{}(first) % 2 != std::hash<std::string>{}(second) % 2) return {first, second};
  }
}

TEST_F(ConsumerTest, WorksOtherKeysWhileOneIsSlow) {
  const auto [slow, quick] = keys_apart();
  block(slow);
  start();
  broker_.deliver(1, slow);
  broker_.deliver(2, quick);
  await_acknowledged(1);
  EXPECT_THAT(broker_.acknowledged(), ElementsAre(2));
  block({});
  await_acknowledged(2);
}

TEST_F(ConsumerTest, TakesWhatIsWaitingIntoOneTransactionAndKeepsTheOrder) {
  ASSERT_NO_FATAL_FAILURE(start_with_one_at_work("a"));
  for (std::uint64_t tag = 2; tag <= 21; ++tag) broker_.deliver(tag, "a");
  block({});
  await_acknowledged(21);
  EXPECT_EQ(transactor_.runs, 2);
  std::vector<std::string> expected;
  for (int i = 1; i <= 21; ++i) expected.push_back(std::to_string(i));
  EXPECT_EQ(order_["a"], expected);
}

TEST_F(ConsumerTest, TakesTwiceAsManyAtOnceWhileSomeFail) {
  options_.batch = 2;
  failing_key_ = "bad";
  ASSERT_NO_FATAL_FAILURE(start_with_one_at_work("bad"));
  for (std::uint64_t tag = 2; tag <= 6; ++tag) broker_.deliver(tag, "good");
  block({});
  await_acknowledged(6);
  EXPECT_THAT(stopwatch_.batches(), ElementsAre(1, 4, 1));
}

TEST_F(ConsumerTest, SaysWhereTheTimeOfAMessageGoes) {
  ASSERT_NO_FATAL_FAILURE(start_with_one_at_work("a"));
  broker_.deliver(2, "a");
  broker_.deliver(3, "a", 3, 2);  // came before: says nothing of the broker and the queue
  block({});
  await_acknowledged(3);
  pkg::testing::wait_until([&] { return stopwatch_.batches().size() == 2; }, "both batches");
  EXPECT_THAT(stopwatch_.batches(), ElementsAre(1, 2));
  EXPECT_THAT(stopwatch_.times(Hop::handler), SizeIs(2));
  EXPECT_THAT(stopwatch_.times(Hop::queue), SizeIs(2));
  EXPECT_THAT(stopwatch_.times(Hop::broker), SizeIs(2));
  for (const auto time : stopwatch_.times(Hop::broker)) EXPECT_GE(time, seconds(1));
}

TEST_F(ConsumerTest, AsksTheBrokerForWhatItHandlesOnly) {
  start();
  EXPECT_THAT(broker_.asked_for().types, ElementsAre("mall.Happened"));
}

TEST_F(ConsumerTest, TellsTheBrokerThatItIsStillAtWork) {
  block("a");
  start();
  broker_.deliver(1, "a");
  broker_.deliver(2, "a");
  pkg::testing::wait_until([&] { return broker_.signs_of_life() >= 4; }, "signs of life for the one at work and the one that waits");
  block({});
  await_acknowledged(2);
}

TEST_F(ConsumerTest, KeepsDeliveriesWhileTheDatabaseIsAwayAndGoesOnAfterwards) {
  transactor_.away = true;
  start();
  broker_.deliver(1, "a");
  broker_.deliver(2, "a");
  ASSERT_TRUE(pkg::testing::wait_until([&] { return transactor_.runs >= 4; }, "several attempts"));
  EXPECT_THAT(broker_.acknowledged(), IsEmpty());
  transactor_.away = false;
  await_acknowledged(2);
  EXPECT_THAT(order_["a"], ElementsAre("1", "2"));
}

TEST_F(ConsumerTest, TakesAnotherDeliveryOfWhatItStillHasForTheSame) {
  options_.lanes = 1;
  block("a");
  start();
  broker_.deliver(1, "a", 1);
  ASSERT_TRUE(pkg::testing::wait_until([&] { return entered() == 1; }, "the first message at work"));
  broker_.deliver(2, "a", 2);
  broker_.deliver(3, "a", 1, 2);
  broker_.deliver(4, "a", 2, 2);
  block({});
  await_acknowledged(2);
  EXPECT_THAT(broker_.acknowledged(), ElementsAre(3, 4));
  EXPECT_THAT(order_["a"], ElementsAre("1", "2"));
}

TEST_F(ConsumerTest, TellsWhatWasStoredLaterUnderTheSameSequence) {
  block("a");
  start();
  broker_.deliver(1, "a", 1);
  broker_.deliver(2, "a", 2);
  // A broker that lost its last messages gives their sequences again.
  broker_.stored_at += seconds(1);
  broker_.deliver(3, "a", 2, 2);
  block({});
  await_acknowledged(3);
  EXPECT_THAT(broker_.acknowledged(), ElementsAre(1, 2, 3));
}

TEST_F(ConsumerTest, GivesNoSignsOfLifeWhileSomebodyElseMayBeTheConsumer) {
  block("a");
  start();
  consumer_->give_signs(false);
  broker_.deliver(1, "a");
  EXPECT_FALSE(consumer_->drain(milliseconds(150)));
  EXPECT_EQ(broker_.signs_of_life(), 0u);
  consumer_->give_signs(true);
  pkg::testing::wait_until([&] { return broker_.signs_of_life() > 0; }, "signs of life again");
  block({});
}

TEST_F(ConsumerTest, FinishesWhatWasDeliveredAndTakesNothingMoreWhenItDrains) {
  start();
  for (std::uint64_t tag = 1; tag <= 200; ++tag) broker_.deliver(tag, std::to_string(tag % 7));
  EXPECT_TRUE(consumer_->drain(seconds(5)));
  EXPECT_THAT(broker_.acknowledged(), SizeIs(200));
  broker_.deliver(201, "a");
  consumer_.reset();
  EXPECT_THAT(broker_.acknowledged(), SizeIs(200));
}

TEST_F(ConsumerTest, HasNotDrainedBeforeAllIsAcknowledged) {
  start();
  broker_.hold_acknowledgements(true);
  broker_.deliver(1, "a");
  EXPECT_FALSE(consumer_->drain(milliseconds(50)));
  broker_.hold_acknowledgements(false);
  EXPECT_TRUE(consumer_->drain(seconds(5)));
  EXPECT_THAT(broker_.acknowledged(), SizeIs(1));
}

TEST_F(ConsumerTest, SaysWhenItCouldNotFinishInTime) {
  transactor_.away = true;
  start();
  broker_.deliver(1, "a");
  EXPECT_FALSE(consumer_->drain(milliseconds(20)));
  consumer_.reset();
  EXPECT_THAT(broker_.acknowledged(), IsEmpty());
}

}  // namespace
}  // namespace pkg::messaging
