#include "pkg/es_pg/pg_event_store.hpp"

#include <charconv>
#include <sstream>

#include "pkg/es/testing/event_store_contract.hpp"
#include "pkg/es_pg/migrations.hpp"
#include "pkg/postgres/migrations.hpp"
#include "pkg/postgres/pool.hpp"
#include "pkg/postgres/transactor.hpp"
#include "pkg/testing/postgres_server.hpp"

namespace pkg::es_pg {
namespace {

using errors::ErrorKind;
using errors::Result;
using es::testing::Added;
using es::testing::Renamed;
using es::testing::Tally;

std::int64_t number(std::string_view text) {
  std::int64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

EventCodec<Tally> event_codec() {
  return {
      .encode = [](const Tally::Event& event) -> StoredEvent {
        if (const auto* added = std::get_if<Added>(&event)) return {"Added", 1, std::to_string(added->amount)};
        return {"Renamed", 2, std::get<Renamed>(event).name};
      },
      .decode = [](const StoredEvent& stored) -> Result<Tally::Event> {
        if (stored.type == "Added" && stored.type_version == 1) return Added{number(stored.payload)};
        if (stored.type == "Renamed" && stored.type_version == 2) return Renamed{stored.payload};
        return errors::fail(ErrorKind::internal, "unknown", "Unknown.");
      },
  };
}

/// "name 1 2 3"
SnapshotCodec<Tally> snapshot_codec(es::Version every, int version = 1) {
  return {
      .every = every,
      .version = version,
      .encode =
          [](const Tally& tally) {
            std::string text = tally.name + "\n";
            for (const auto amount : tally.amounts) text += std::to_string(amount) + " ";
            return text;
          },
      .decode = [](std::string_view text) -> Result<Tally> {
        std::istringstream in{std::string(text)};
        Tally tally;
        if (!std::getline(in, tally.name)) return errors::fail(ErrorKind::internal, "unreadable", "Unreadable.");
        for (std::int64_t amount = 0; in >> amount;) tally.amounts.push_back(amount);
        return tally;
      },
  };
}

class PgStores {
 public:
  explicit PgStores(std::optional<SnapshotCodec<Tally>> snapshots = std::nullopt) : store_(event_codec(), clock_, std::move(snapshots)) {
    const auto migrations = postgres::embedded_migrations("es", migration_files());
    EXPECT_TRUE(migrations && postgres::migrate(pool_.options().connection, *migrations));
  }
  uow::Transactor& transactor() { return transactor_; }
  es::EventStore<Tally>& store() { return store_; }
  pkg::testing::TestDatabase& database() { return database_; }
  postgres::Pool& pool() { return pool_; }
  clock::ManualClock& clock() { return clock_; }

 private:
  static postgres::PoolOptions options(const std::string& connection_string) {
    postgres::PoolOptions options;
    options.connection.connection_string = connection_string;
    return options;
  }
  pkg::testing::TestDatabase database_;
  postgres::Pool pool_{options(database_.connection_string())};
  postgres::PgTransactor transactor_{pool_};
  clock::ManualClock clock_;
  PgEventStore<Tally> store_;
};

class PgStoresWithSnapshots : public PgStores {
 public:
  PgStoresWithSnapshots() : PgStores(snapshot_codec(3)) {}
};

class PgEventStoreTest : public ::testing::Test {
 protected:
  static Tally::Id id() { return Tally::Id{ids::CountingIds::nth(7)}; }

  Result<> append(PgStores& stores, es::EventStore<Tally>& store, const std::vector<Tally::Event>& events) {
    return stores.transactor().run({"the correlation", "the causation", {}}, [&](uow::UnitOfWork& unit) -> Result<> {
      auto loaded = store.load(unit, id(), es::Look::stored);
      return loaded ? store.append(unit, id(), *loaded, events) : errors::pass_on(loaded);
    });
  }
  Result<es::Loaded<Tally>> load(PgStores& stores, es::EventStore<Tally>& store) {
    return stores.transactor().run_for({}, [&](uow::UnitOfWork& unit) { return store.load(unit, id(), es::Look::stored); });
  }
};

/// Two processes of one service.
class PgEventStoresOfTwoProcesses : public PgEventStoreTest {
 protected:
  using Events = std::vector<Tally::Event>;
  /// Adds an amount that follows from what is decided on, which has to have `wanted` of them. Gives how often it was decided, and 0 for a
  /// refusal.
  int add(es::EventStore<Tally>& store, es::Look look, std::size_t wanted = 0) {
    int decisions = 0;
    const auto done = stores.transactor().run({}, [&](uow::UnitOfWork& unit) -> Result<> {
      auto decided = es::decide_on(store, unit, id(), look, [&](const es::Loaded<Tally>& tally) -> Result<Events> {
        ++decisions;
        const auto& amounts = tally.state.amounts;
        if (amounts.size() < wanted) return errors::fail(ErrorKind::conflict, "too_few", "Too few.");
        return Events{Added{static_cast<std::int64_t>(amounts.size())}};
      });
      return decided ? store.append(unit, id(), decided->on, decided->events) : errors::pass_on(decided);
    });
    return done ? decisions : 0;
  }
  std::vector<std::int64_t> amounts() { return load(stores, other)->state.amounts; }
  std::uint64_t exchanges() { return stores.pool().stats().exchanges; }

  PgStores stores;
  es::EventStore<Tally>& one = stores.store();
  PgEventStore<Tally> other{event_codec(), stores.clock()};
};

TEST_F(PgEventStoresOfTwoProcesses, NeedNoReadBeforeAWriteOfWhatTheyRememberOrTakeForNew) {
  const auto before = exchanges();
  EXPECT_EQ(add(one, es::Look::as_new), 1);
  EXPECT_EQ(exchanges() - before, 1u);
  EXPECT_EQ(add(one, es::Look::remembered), 1);
  EXPECT_EQ(exchanges() - before, 2u);
  EXPECT_EQ(amounts(), (std::vector<std::int64_t>{0, 1}));
}

TEST_F(PgEventStoresOfTwoProcesses, DecideAgainWhereTheyAreBehind) {
  EXPECT_EQ(add(one, es::Look::as_new), 1);
  EXPECT_EQ(add(other, es::Look::remembered), 1) << "it remembers nothing, and looks";
  EXPECT_EQ(add(one, es::Look::remembered), 2) << "on one amount, and on two";
  EXPECT_EQ(add(other, es::Look::as_new), 2) << "it remembers, and is behind";
  EXPECT_EQ(amounts(), (std::vector<std::int64_t>{0, 1, 2, 3}));
}

TEST_F(PgEventStoresOfTwoProcesses, FindWhatTheyTookForNew) {
  EXPECT_EQ(add(one, es::Look::as_new), 1);
  EXPECT_EQ(add(other, es::Look::as_new), 2);
  EXPECT_EQ(amounts(), (std::vector<std::int64_t>{0, 1}));
}

TEST_F(PgEventStoresOfTwoProcesses, RefuseNothingThatWhatIsStoredAllows) {
  EXPECT_EQ(add(one, es::Look::as_new), 1);
  EXPECT_EQ(add(one, es::Look::remembered, 2), 0);
  EXPECT_EQ(add(other, es::Look::remembered), 1);
  EXPECT_EQ(add(one, es::Look::remembered, 2), 2) << "refused on one amount, allowed on two";
  EXPECT_EQ(amounts(), (std::vector<std::int64_t>{0, 1, 2}));
}

TEST_F(PgEventStoresOfTwoProcesses, RememberNothingOfAUnitThatFailed) {
  ASSERT_EQ(add(one, es::Look::as_new), 1);
  const auto failed = stores.transactor().run({}, [&](uow::UnitOfWork& unit) -> Result<> {
    auto loaded = one.load(unit, id(), es::Look::remembered);
    EXPECT_TRUE(one.append(unit, id(), *loaded, {Added{99}}));
    EXPECT_EQ(one.load(unit, id(), es::Look::remembered)->version, 2u) << "the unit sees it";
    return errors::fail(ErrorKind::rejected, "no", "No.");
  });
  EXPECT_FALSE(failed);
  EXPECT_EQ(add(one, es::Look::remembered), 1);
  EXPECT_EQ(amounts(), (std::vector<std::int64_t>{0, 1}));
}

TEST_F(PgEventStoreTest, StampsWhatItStores) {
  PgStores stores;
  ASSERT_TRUE(append(stores, stores.store(), {Added{5}, Renamed{"x"}}));
  const auto rows = stores.pool().query(
      "select aggregate_kind, aggregate_id, version, type, type_version, payload, occurred_at, correlation_id, causation_id from events "
      "order by version");
  ASSERT_TRUE(rows);
  ASSERT_EQ(rows->size(), 2u);
  const auto row = (*rows)[1];
  EXPECT_EQ(row.text(0), "test.Tally");
  EXPECT_EQ(row.uuid(1), id().value());
  EXPECT_EQ(row.int64(2), 2);
  EXPECT_EQ(row.text(3), "Renamed");
  EXPECT_EQ(row.int64(4), 2);
  EXPECT_EQ(row.bytes(5), "x");
  EXPECT_EQ(row.time(6), stores.clock().now());
  EXPECT_EQ(row.text(7), "the correlation");
  EXPECT_EQ(row.text(8), "the causation");
}

TEST_F(PgEventStoreTest, LoadsInOneRoundTripAndAppendsInOne) {
  for (const bool with_snapshots : {false, true}) {
    PgStores stores(with_snapshots ? std::optional(snapshot_codec(2)) : std::nullopt);
    for (int i = 0; i < 3; ++i) {
      const auto before = stores.pool().stats().exchanges;
      ASSERT_TRUE(append(stores, stores.store(), {Added{1}, Added{2}, Added{3}}));
      EXPECT_EQ(stores.pool().stats().exchanges - before, 2u);
    }
  }
}

TEST_F(PgEventStoreTest, FailsLoudlyOnAnEventThatItDoesNotKnow) {
  PgStores stores;
  ASSERT_TRUE(append(stores, stores.store(), {Added{1}, Added{2}}));
  for (const char* change : {"type = 'Multiplied'", "type_version = 9"}) {
    stores.database().sql("update events set type = 'Added', type_version = 1 where version = 2; update events set " + std::string(change) +
                          " where version = 2");
    const auto loaded = load(stores, stores.store());
    ASSERT_FALSE(loaded);
    EXPECT_EQ(loaded.error().kind, ErrorKind::internal);
    EXPECT_EQ(loaded.error().code, "unreadable_event");
  }
}

TEST_F(PgEventStoreTest, FailsLoudlyOnAGapInTheHistory) {
  PgStores stores;
  ASSERT_TRUE(append(stores, stores.store(), {Added{1}, Added{2}, Added{3}}));
  stores.database().sql("delete from events where version = 2");
  EXPECT_EQ(load(stores, stores.store()).error().code, "unreadable_event");
}

TEST_F(PgEventStoreTest, TakesASnapshotEverySoManyEventsAndReadsOnlyWhatCameAfter) {
  PgStores stores(snapshot_codec(3));
  ASSERT_TRUE(append(stores, stores.store(), {Added{1}, Added{2}}));
  EXPECT_EQ(stores.database().sql("select count(*) from snapshots"), "0");
  ASSERT_TRUE(append(stores, stores.store(), {Added{3}, Added{4}}));
  EXPECT_EQ(stores.database().sql("select version from snapshots"), "4");
  ASSERT_TRUE(append(stores, stores.store(), {Added{5}}));
  stores.database().sql("delete from events where version <= 4");  // so that only the snapshot can know them
  const auto loaded = load(stores, stores.store());
  ASSERT_TRUE(loaded);
  EXPECT_EQ(loaded->version, 5u);
  EXPECT_EQ(loaded->state.amounts, (std::vector<std::int64_t>{1, 2, 3, 4, 5}));
  ASSERT_TRUE(append(stores, stores.store(), {Added{6}}));
  EXPECT_EQ(stores.database().sql("select version from snapshots"), "6");
}

TEST_F(PgEventStoreTest, IgnoresASnapshotOfAnotherVersionAndReplacesIt) {
  PgStores stores(snapshot_codec(3));
  ASSERT_TRUE(append(stores, stores.store(), {Added{1}, Added{2}, Added{3}}));
  stores.database().sql("update snapshots set payload = 'nonsense\n9 9 9'");
  PgEventStore<Tally> next(event_codec(), stores.clock(), snapshot_codec(3, 2));
  const auto loaded = load(stores, next);
  ASSERT_TRUE(loaded);
  EXPECT_EQ(loaded->state.amounts, (std::vector<std::int64_t>{1, 2, 3}));
  ASSERT_TRUE(append(stores, next, {Added{4}, Added{5}, Added{6}}));
  EXPECT_EQ(stores.database().sql("select codec_version || ' ' || version from snapshots"), "2 6");
}

TEST_F(PgEventStoreTest, ReadsTheEventsWhereASnapshotCannotBeRead) {
  PgStores stores(snapshot_codec(3));
  ASSERT_TRUE(append(stores, stores.store(), {Added{1}, Added{2}, Added{3}, Added{4}}));
  stores.database().sql("update snapshots set payload = ''");
  const auto loaded = load(stores, stores.store());
  ASSERT_TRUE(loaded);
  EXPECT_EQ(loaded->version, 4u);
  EXPECT_EQ(loaded->state.amounts, (std::vector<std::int64_t>{1, 2, 3, 4}));
}

}  // namespace
}  // namespace pkg::es_pg

namespace pkg::es::testing {
namespace {

INSTANTIATE_TYPED_TEST_SUITE_P(Pg, EventStoreContract, es_pg::PgStores);
INSTANTIATE_TYPED_TEST_SUITE_P(PgWithSnapshots, EventStoreContract, es_pg::PgStoresWithSnapshots);

}  // namespace
}  // namespace pkg::es::testing
