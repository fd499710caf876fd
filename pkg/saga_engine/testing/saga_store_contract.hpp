#pragma once
// What every SagaStore promises. An adapter's test gives a fixture that makes an empty store and instantiates the suite:
//   struct MyStore { static std::unique_ptr<StoreUnderTest> make(); };
//   INSTANTIATE_TYPED_TEST_SUITE_P(My, SagaStoreContract, ::testing::Types<MyStore>);

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "pkg/saga_engine/saga_store.hpp"
#include "pkg/uow/unit_of_work.hpp"

namespace pkg::saga::testing {

class StoreUnderTest {
 public:
  virtual ~StoreUnderTest() = default;
  virtual SagaStore& store() = 0;
  virtual uow::Transactor& transactor() = 0;
};

/// A running saga with every field filled.
inline State full_state(std::string id) {
  const clock::TimePoint start{std::chrono::seconds{1'700'000'000}};
  State state;
  state.name = "Trip";
  state.id = std::move(id);
  state.definition_version = 3;
  state.data_version = 2;
  state.version = 1;
  state.status = Status::compensating;
  state.data = std::string("a\0b\xff", 4);
  state.steps = {Progress::done, Progress::undone, Progress::unknown, Progress::failed, Progress::pending};
  state.in_flight =
      InFlight{.step = 2, .direction = Direction::compensation, .message_id = "m1", .round = 2, .attempt = 5, .refused = true};
  state.wake_at = start + std::chrono::microseconds{1'000'001};
  state.started_at = start;
  state.changed_at = start + std::chrono::microseconds{7};
  state.failed_step = "book_train";
  state.failure_code = "full";
  state.failure_detail = "No seat.";
  state.alert = true;
  state.ignored = 4;
  state.correlation_id = "corr";
  state.traceparent = "00-aa-bb-01";
  return state;
}

inline State next_version(State state) {
  ++state.version;
  return state;
}

template <class Make>
class SagaStoreContract : public ::testing::Test {
 protected:
  std::optional<State> load(const std::string& id, Freshness freshness = Freshness::current) {
    auto found = transactor().run_for({}, [&](uow::UnitOfWork& unit) { return store().load(unit, "Trip", id, freshness); });
    EXPECT_TRUE(found) << found.error().detail;
    return found.value_or(std::nullopt);
  }
  errors::Result<> save(const State& state, const std::vector<HistoryEntry>& history = {}) {
    return transactor().run({}, [&](uow::UnitOfWork& unit) { return store().save(unit, state, history); });
  }
  void kept(const State& state) { ASSERT_TRUE(save(state)); }
  std::vector<std::string> due(clock::TimePoint now, std::size_t limit = 10) {
    auto found = transactor().run_for({}, [&](uow::UnitOfWork& unit) { return store().due(unit, "Trip", now, limit); });
    EXPECT_TRUE(found) << found.error().detail;
    return ids(found.value_or(std::vector<State>{}));
  }
  Page list(const ListFilter& filter, std::size_t size, const std::string& token = {}) {
    auto found = transactor().run_for({}, [&](uow::UnitOfWork& unit) { return store().list(unit, "Trip", filter, size, token); });
    EXPECT_TRUE(found) << found.error().detail;
    return found.value_or(Page{});
  }
  static std::vector<std::string> ids(const std::vector<State>& states) {
    std::vector<std::string> ids;
    for (const auto& state : states) ids.push_back(state.id);
    return ids;
  }
  SagaStore& store() { return under_test_->store(); }
  uow::Transactor& transactor() { return under_test_->transactor(); }

 private:
  std::unique_ptr<StoreUnderTest> under_test_ = Make::make();
};

TYPED_TEST_SUITE_P(SagaStoreContract);

TYPED_TEST_P(SagaStoreContract, GivesBackWhatWasSaved) {
  const auto state = full_state("s1");
  EXPECT_FALSE(this->load("s1"));
  this->kept(state);
  EXPECT_EQ(this->load("s1"), state);
  EXPECT_EQ(this->load("s1", Freshness::recent), state);
  auto ended = next_version(state);
  ended.status = Status::compensated;
  ended.in_flight.reset();
  ended.wake_at.reset();
  this->kept(ended);
  EXPECT_EQ(this->load("s1"), ended);
  EXPECT_EQ(this->load("s1", Freshness::recent), ended);
  EXPECT_FALSE(this->load("s2"));
}

TYPED_TEST_P(SagaStoreContract, RefusesToSaveOverAVersionThatIsNotThere) {
  const auto state = full_state("s1");
  EXPECT_EQ(this->save(next_version(state)).error().kind, errors::ErrorKind::contended) << "there is no version 1 yet";
  this->kept(state);
  EXPECT_EQ(this->save(state).error().kind, errors::ErrorKind::contended) << "started twice";
  this->kept(next_version(state));
  EXPECT_EQ(this->save(next_version(state)).error().kind, errors::ErrorKind::contended) << "moved twice";
  EXPECT_EQ(this->load("s1"), next_version(state));
}

TYPED_TEST_P(SagaStoreContract, LetsTheFirstOfTwoUnitsWinAndRunsTheOtherAgain) {
  this->kept(full_state("s1"));
  int runs = 0;
  const auto done = this->transactor().run({}, [&](uow::UnitOfWork& unit) -> errors::Result<> {
    auto mine = this->store().load(unit, "Trip", "s1", Freshness::recent);
    if (!mine) return errors::pass_on(mine);
    if (++runs == 1) this->kept(next_version(**mine));  // somebody else, in a unit of their own
    return this->store().save(unit, next_version(**mine), {});
  });
  EXPECT_TRUE(done) << done.error().detail;
  EXPECT_EQ(runs, 2);
  EXPECT_EQ(this->load("s1")->version, 3U);
}

TYPED_TEST_P(SagaStoreContract, KeepsNothingOfAUnitThatFails) {
  const auto one = full_state("s1");
  this->kept(one);
  const auto failed = this->transactor().run({}, [&](uow::UnitOfWork& unit) -> errors::Result<> {
    if (auto done = this->store().save(unit, next_version(one), {}); !done) return done;
    if (auto done = this->store().save(unit, full_state("s2"), {}); !done) return done;
    return errors::fail(errors::ErrorKind::rejected, "no", "No.");
  });
  EXPECT_EQ(failed.error().code, "no");
  for (const auto freshness : {Freshness::recent, Freshness::current}) {
    EXPECT_EQ(this->load("s1", freshness), one);
    EXPECT_FALSE(this->load("s2", freshness));
  }
}

TYPED_TEST_P(SagaStoreContract, SeesItsOwnWritesInAUnit) {
  const auto one = full_state("s1");
  const auto done = this->transactor().run({}, [&](uow::UnitOfWork& unit) -> errors::Result<> {
    if (auto saved = this->store().save(unit, one, {}); !saved) return saved;
    for (const auto freshness : {Freshness::recent, Freshness::current}) {
      const auto seen = this->store().load(unit, "Trip", "s1", freshness);
      EXPECT_TRUE(seen && *seen);
      if (seen && *seen) {
        EXPECT_EQ(**seen, one);
      }
    }
    return this->store().save(unit, next_version(one), {});
  });
  EXPECT_TRUE(done) << done.error().detail;
  EXPECT_EQ(this->load("s1")->version, 2U);
}

TYPED_TEST_P(SagaStoreContract, TellsSagasOfOneNameFromAnother) {
  auto other = full_state("s1");
  other.name = "Voyage";
  this->kept(other);
  EXPECT_FALSE(this->load("s1"));
  EXPECT_TRUE(this->due(*other.wake_at).empty());
  EXPECT_TRUE(this->list({}, 10).sagas.empty());
  this->kept(full_state("s1"));
  EXPECT_EQ(this->load("s1")->name, "Trip");
}

TYPED_TEST_P(SagaStoreContract, FindsWhatIsDueTheLongestWaitingFirst) {
  const auto next_wake = [&] {
    return this->transactor().run_for({}, [&](uow::UnitOfWork& unit) { return this->store().next_wake(unit, "Trip"); }).value();
  };
  EXPECT_FALSE(next_wake());
  const auto base = *full_state("x").wake_at;
  int seconds = 3;
  for (const auto* id : {"s1", "s2", "s3"}) {
    auto state = full_state(id);
    state.wake_at = base + std::chrono::seconds{seconds--};
    this->kept(state);
  }
  auto ended = full_state("s4");
  ended.status = Status::canceled;
  ended.wake_at.reset();
  ended.in_flight.reset();
  this->kept(ended);
  using ::testing::ElementsAre;
  EXPECT_EQ(next_wake(), base + std::chrono::seconds{1});
  EXPECT_TRUE(this->due(base).empty());
  EXPECT_THAT(this->due(base + std::chrono::seconds{2}), ElementsAre("s3", "s2")) << "the very moment counts";
  EXPECT_THAT(this->due(base + std::chrono::hours{1}, 2), ElementsAre("s3", "s2"));
}

TYPED_TEST_P(SagaStoreContract, ListsPageByPageFilteredByStatusAndAlert) {
  for (const auto* id : {"a", "b", "c", "d", "e"}) {
    auto state = full_state(id);
    state.status = *id == 'b' || *id == 'd' ? Status::completed : Status::running;
    state.alert = *id == 'c';
    this->kept(state);
  }
  using ::testing::ElementsAre;
  auto page = this->list({}, 2);
  EXPECT_THAT(this->ids(page.sagas), ElementsAre("e", "d"));
  page = this->list({}, 2, page.next_page_token);
  EXPECT_THAT(this->ids(page.sagas), ElementsAre("c", "b"));
  page = this->list({}, 2, page.next_page_token);
  EXPECT_THAT(this->ids(page.sagas), ElementsAre("a"));
  EXPECT_EQ(page.next_page_token, "");
  page = this->list({.status = Status::completed}, 2);
  EXPECT_THAT(this->ids(page.sagas), ElementsAre("d", "b"));
  EXPECT_EQ(page.next_page_token, "") << "a full page that is the last one says so";
  EXPECT_THAT(this->ids(this->list({.status = {}, .only_alerts = true}, 2).sagas), ElementsAre("c"));
  EXPECT_THAT(this->ids(this->list({.status = Status::completed, .only_alerts = true}, 2).sagas), ElementsAre());
}

TYPED_TEST_P(SagaStoreContract, KeepsTheHistoryInOrder) {
  const auto state = full_state("s1");
  const clock::TimePoint t = state.started_at;
  const HistoryEntry one{t, "", "", "started", ""};
  const HistoryEntry two{t, "check", "forward", "sent", "try 1; \"quoted\", {braced}, back\\slash, NULL, tab\tnew\nline\\n"};
  const HistoryEntry three{t + std::chrono::microseconds{5}, "check", "forward", "succeeded", ""};
  ASSERT_TRUE(this->save(state, {one, two}));
  ASSERT_TRUE(this->save(next_version(state), {three}));
  ASSERT_FALSE(this->save(next_version(state), {three})) << "what is not saved leaves no history";
  const auto history = this->transactor().run_for({}, [&](uow::UnitOfWork& unit) { return this->store().history(unit, "Trip", "s1"); });
  ASSERT_TRUE(history);
  EXPECT_THAT(*history, ::testing::ElementsAre(one, two, three));
  EXPECT_TRUE(this->transactor().run_for({}, [&](uow::UnitOfWork& unit) { return this->store().history(unit, "Trip", "s2"); })->empty());
}

TYPED_TEST_P(SagaStoreContract, KeepsALongHistoryInOrder) {
  auto state = full_state("s1");
  std::vector<HistoryEntry> all;
  for (; state.version <= 40; state = next_version(state)) {
    const std::size_t length = state.version % 5 == 0 ? 3000 : state.version;
    const std::vector<HistoryEntry> lines{{state.started_at, "check", "forward", "sent_again", std::string(length, 'x')},
                                          {state.started_at, "check", "forward", "alert_raised", std::to_string(state.version)}};
    ASSERT_TRUE(this->save(state, lines));
    all.insert(all.end(), lines.begin(), lines.end());
  }
  const auto history = this->transactor().run_for({}, [&](uow::UnitOfWork& unit) { return this->store().history(unit, "Trip", "s1"); });
  ASSERT_TRUE(history);
  EXPECT_EQ(*history, all);
}

TYPED_TEST_P(SagaStoreContract, RemovesWhatEndedLongAgoWithItsHistory) {
  const auto at = full_state("x").changed_at;
  const auto ended = [&](std::string id, Status status, std::chrono::seconds age, std::string name = "Trip") {
    auto state = full_state(std::move(id));
    state.name = std::move(name);
    state.status = status;
    state.changed_at = at - age;
    if (has_ended(status)) state.wake_at.reset();
    ASSERT_TRUE(this->save(state, {{at, "", "", "started", ""}}));
  };
  using std::chrono::seconds;
  ended("a", Status::completed, seconds{9});
  ended("b", Status::compensated, seconds{8});
  ended("c", Status::canceled, seconds{7});
  ended("d", Status::running, seconds{9});
  ended("e", Status::compensating, seconds{9});
  ended("f", Status::canceling, seconds{9});
  ended("g", Status::completed, seconds{5});
  ended("v", Status::completed, seconds{9}, "Voyage");
  const auto remove = [&](std::size_t limit) {
    return this->transactor()
        .run_for({}, [&](uow::UnitOfWork& unit) { return this->store().remove_ended(unit, "Trip", at - seconds{5}, limit); })
        .value();
  };
  const auto history = [&](const std::string& name, const std::string& id) {
    return this->transactor().run_for({}, [&](uow::UnitOfWork& unit) { return this->store().history(unit, name, id); }).value().size();
  };
  EXPECT_EQ(remove(2), 2U) << "no more than asked for";
  EXPECT_EQ(remove(2), 1U);
  EXPECT_EQ(remove(2), 0U);
  EXPECT_THAT(this->ids(this->list({}, 10).sagas), ::testing::ElementsAre("g", "f", "e", "d")) << "the very moment does not count";
  EXPECT_EQ(history("Trip", "a") + history("Trip", "b") + history("Trip", "c"), 0U);
  EXPECT_EQ(history("Trip", "d"), 1U);
  EXPECT_EQ(history("Voyage", "v"), 1U);
}

REGISTER_TYPED_TEST_SUITE_P(SagaStoreContract, GivesBackWhatWasSaved, RefusesToSaveOverAVersionThatIsNotThere,
                            LetsTheFirstOfTwoUnitsWinAndRunsTheOtherAgain, KeepsNothingOfAUnitThatFails, SeesItsOwnWritesInAUnit,
                            TellsSagasOfOneNameFromAnother, FindsWhatIsDueTheLongestWaitingFirst, ListsPageByPageFilteredByStatusAndAlert,
                            KeepsTheHistoryInOrder, KeepsALongHistoryInOrder, RemovesWhatEndedLongAgoWithItsHistory);

}  // namespace pkg::saga::testing
