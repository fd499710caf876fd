#pragma once
// What every EventStore promises. An adapter's test says how to make one and instantiates the suite:
//
//   struct MyStores {
//     uow::Transactor& transactor();
//     EventStore<Tally>& store();
//   };
//   INSTANTIATE_TYPED_TEST_SUITE_P(Mine, EventStoreContract, MyStores);

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <thread>
#include <vector>

#include "pkg/es/event_store.hpp"
#include "pkg/es/testing/tally.hpp"
#include "pkg/ids/id_sources.hpp"

namespace pkg::es::testing {

template <class Stores>
class EventStoreContract : public ::testing::Test {
 protected:
  using Events = std::vector<Tally::Event>;
  using Result = errors::Result<>;

  static Tally::Id id(std::uint64_t n) { return Tally::Id{ids::CountingIds::nth(n)}; }
  static errors::Error no() { return {errors::ErrorKind::rejected, "no", "No.", {}}; }

  Result append(const Tally::Id& to, const Events& events) {
    return run([&](uow::UnitOfWork& unit) { return load_and_append(unit, to, events); });
  }
  Result load_and_append(uow::UnitOfWork& unit, const Tally::Id& to, const Events& events) {
    auto loaded = store().load(unit, to, Look::stored);
    return loaded ? store().append(unit, to, *loaded, events) : errors::pass_on(loaded);
  }
  Loaded<Tally> load(const Tally::Id& which) {
    Loaded<Tally> found;
    const auto done = run([&](uow::UnitOfWork& unit) -> Result {
      auto loaded = store().load(unit, which, Look::stored);
      if (!loaded) return errors::pass_on(loaded);
      found = std::move(*loaded);
      return {};
    });
    EXPECT_TRUE(done) << done.error().code;
    return found;
  }
  Result run(const uow::Transactor::Work& work) { return stores_.transactor().run({"correlation", "causation", {}}, work); }
  EventStore<Tally>& store() { return stores_.store(); }

 private:
  Stores stores_;
};

TYPED_TEST_SUITE_P(EventStoreContract);

TYPED_TEST_P(EventStoreContract, WhatWasNeverAppendedDoesNotExist) {
  const auto loaded = this->load(this->id(1));
  EXPECT_FALSE(loaded.exists());
  EXPECT_EQ(loaded.version, 0u);
  EXPECT_EQ(loaded.state, Tally{});
}

TYPED_TEST_P(EventStoreContract, WhatIsAppendedIsLoadedInOrder) {
  ASSERT_TRUE(this->append(this->id(1), {Renamed{"a"}, Added{1}, Added{2}}));
  ASSERT_TRUE(this->append(this->id(1), {Added{3}}));
  const auto loaded = this->load(this->id(1));
  EXPECT_EQ(loaded.version, 4u);
  EXPECT_EQ(loaded.state, (Tally{"a", {1, 2, 3}}));
}

TYPED_TEST_P(EventStoreContract, TheLoadedStateIsTheFoldOfAllEvents) {
  typename TestFixture::Events all;
  for (int i = 0; i < 25; ++i) {
    const typename TestFixture::Events some{Added{i}, Renamed{"name " + std::to_string(i)}, Added{-i}};
    ASSERT_TRUE(this->append(this->id(1), some));
    all.insert(all.end(), some.begin(), some.end());
  }
  const auto loaded = this->load(this->id(1));
  EXPECT_EQ(loaded.version, all.size());
  EXPECT_EQ(loaded.state, fold(Tally{}, all));
}

TYPED_TEST_P(EventStoreContract, AppendingNothingDoesNothing) {
  ASSERT_TRUE(this->append(this->id(1), {}));
  EXPECT_FALSE(this->load(this->id(1)).exists());
}

TYPED_TEST_P(EventStoreContract, AnAppendMovesTheLoadedAggregateOn) {
  const auto done = this->run([&](uow::UnitOfWork& unit) -> errors::Result<> {
    auto loaded = this->store().load(unit, this->id(1), Look::stored);
    if (!loaded) return errors::pass_on(loaded);
    auto appended = this->store().append(unit, this->id(1), *loaded, {Added{1}, Added{2}});
    EXPECT_EQ(loaded->version, 2u);
    EXPECT_EQ(loaded->state.amounts, (std::vector<std::int64_t>{1, 2}));
    if (appended) appended = this->store().append(unit, this->id(1), *loaded, {Added{3}});
    return appended;
  });
  ASSERT_TRUE(done);
  EXPECT_EQ(this->load(this->id(1)).state.amounts, (std::vector<std::int64_t>{1, 2, 3}));
}

TYPED_TEST_P(EventStoreContract, AUnitSeesItsOwnEvents) {
  const auto done = this->run([&](uow::UnitOfWork& unit) -> errors::Result<> {
    for (int i = 1; i <= 2; ++i) {
      if (auto appended = this->load_and_append(unit, this->id(1), {Added{i}}); !appended) return appended;
    }
    auto loaded = this->store().load(unit, this->id(1), Look::stored);
    if (!loaded) return errors::pass_on(loaded);
    EXPECT_EQ(loaded->version, 2u);
    return {};
  });
  ASSERT_TRUE(done);
  EXPECT_EQ(this->load(this->id(1)).state.amounts, (std::vector<std::int64_t>{1, 2}));
}

TYPED_TEST_P(EventStoreContract, NobodySeesWhatIsNotCommittedAndAFailedUnitLeavesNothing) {
  const auto done = this->run([&](uow::UnitOfWork& unit) -> errors::Result<> {
    auto appended = this->load_and_append(unit, this->id(1), {Added{1}});
    EXPECT_TRUE(appended);
    EXPECT_TRUE(this->store().load(unit, this->id(1), Look::stored));  // so that the event has reached the store
    EXPECT_FALSE(this->load(this->id(1)).exists());
    return std::unexpected(this->no());
  });
  EXPECT_EQ(done.error(), this->no());
  EXPECT_FALSE(this->load(this->id(1)).exists());
}

TYPED_TEST_P(EventStoreContract, AggregatesAreApart) {
  ASSERT_TRUE(this->run([&](uow::UnitOfWork& unit) -> errors::Result<> {
    auto appended = this->load_and_append(unit, this->id(1), {Added{1}});
    return appended ? this->load_and_append(unit, this->id(2), {Added{2}, Added{3}}) : appended;
  }));
  EXPECT_EQ(this->load(this->id(1)).state.amounts, (std::vector<std::int64_t>{1}));
  EXPECT_EQ(this->load(this->id(2)).state.amounts, (std::vector<std::int64_t>{2, 3}));
}

TYPED_TEST_P(EventStoreContract, TheSlowerOfTwoDecidesAgainOnTheNewState) {
  std::vector<Version> seen;
  const auto done = this->run([&](uow::UnitOfWork& unit) -> errors::Result<> {
    auto loaded = this->store().load(unit, this->id(1), Look::stored);
    if (!loaded) return errors::pass_on(loaded);
    seen.push_back(loaded->version);
    if (seen.size() == 1) {
      EXPECT_TRUE(this->append(this->id(1), {Added{1}, Added{2}}));
    }  // the faster one
    return this->store().append(unit, this->id(1), *loaded, {Added{10 + static_cast<int>(loaded->version)}});
  });
  ASSERT_TRUE(done);
  EXPECT_EQ(seen, (std::vector<Version>{0, 2}));
  EXPECT_EQ(this->load(this->id(1)).state.amounts, (std::vector<std::int64_t>{1, 2, 12}));
}

TYPED_TEST_P(EventStoreContract, AVersionThatTheUnitItselfHasLeftBehindIsContended) {
  const auto done = this->run([&](uow::UnitOfWork& unit) -> errors::Result<> {
    auto loaded = this->store().load(unit, this->id(1), Look::stored);
    if (!loaded) return errors::pass_on(loaded);
    auto old = *loaded;
    auto appended = this->store().append(unit, this->id(1), *loaded, {Added{1}});
    return appended ? this->store().append(unit, this->id(1), old, {Added{2}}) : appended;
  });
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().kind, errors::ErrorKind::contended);
  EXPECT_FALSE(this->load(this->id(1)).exists());
}

TYPED_TEST_P(EventStoreContract, OfConcurrentAppendsExactlyOneWinsEachVersion) {
  constexpr int threads = 4;
  constexpr int rounds = 10;
  std::atomic<int> won = 0;
  {
    std::vector<std::jthread> rivals;
    for (int i = 0; i < threads; ++i) {
      rivals.emplace_back([&, i] {
        for (int k = 0; k < rounds; ++k) won += this->append(this->id(1), {Added{i * rounds + k}, Renamed{"x"}}) ? 1 : 0;
      });
    }
  }
  auto loaded = this->load(this->id(1));
  EXPECT_GT(won, 0);
  EXPECT_EQ(loaded.version, 2u * static_cast<unsigned>(won.load()));
  auto& amounts = loaded.state.amounts;
  EXPECT_EQ(amounts.size(), static_cast<unsigned>(won.load())) << "nobody who was told yes is missing, nobody who was told no is in";
  std::sort(amounts.begin(), amounts.end());
  EXPECT_EQ(std::unique(amounts.begin(), amounts.end()), amounts.end()) << "nothing is in twice";
}

REGISTER_TYPED_TEST_SUITE_P(EventStoreContract, WhatWasNeverAppendedDoesNotExist, WhatIsAppendedIsLoadedInOrder,
                            TheLoadedStateIsTheFoldOfAllEvents, AppendingNothingDoesNothing, AnAppendMovesTheLoadedAggregateOn,
                            AUnitSeesItsOwnEvents, NobodySeesWhatIsNotCommittedAndAFailedUnitLeavesNothing, AggregatesAreApart,
                            TheSlowerOfTwoDecidesAgainOnTheNewState, AVersionThatTheUnitItselfHasLeftBehindIsContended,
                            OfConcurrentAppendsExactlyOneWinsEachVersion);

}  // namespace pkg::es::testing
