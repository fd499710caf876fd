#include "pkg/saga_pg/pg_saga_store.hpp"

#include <array>

#include "pkg/messaging/outbox.hpp"
#include "pkg/postgres/migrations.hpp"
#include "pkg/postgres/pool.hpp"
#include "pkg/postgres/transaction.hpp"
#include "pkg/postgres/transactor.hpp"
#include "pkg/saga/coordinator.hpp"
#include "pkg/saga/headers.hpp"
#include "pkg/saga_engine/testing/saga_store_contract.hpp"
#include "pkg/saga_engine/testing/sample_saga.hpp"
#include "pkg/saga_pg/migrations.hpp"
#include "pkg/testing/postgres_server.hpp"

namespace pkg::saga_pg {
namespace {

using saga::Freshness;
using std::chrono::seconds;

class OnPostgres final : public saga::testing::StoreUnderTest {
 public:
  OnPostgres() {
    const auto steps = postgres::embedded_migrations("saga", migration_files());
    EXPECT_TRUE(steps && postgres::migrate(options(database_.connection_string()).connection, *steps));
  }
  saga::SagaStore& store() override { return store_; }
  uow::Transactor& transactor() override { return transactor_; }
  std::uint64_t exchanges() const { return pool_.stats().exchanges; }

 private:
  static postgres::PoolOptions options(const std::string& connection_string) {
    postgres::PoolOptions options;
    options.connection.connection_string = connection_string;
    options.connection.application_name = "pkg_saga_pg_test";
    return options;
  }

  pkg::testing::TestDatabase database_;
  postgres::Pool pool_{options(database_.connection_string())};
  postgres::PgTransactor transactor_{pool_};
  PgSagaStore store_;
};

struct Pg {
  static std::unique_ptr<saga::testing::StoreUnderTest> make() { return std::make_unique<OnPostgres>(); }
};

}  // namespace
}  // namespace pkg::saga_pg

namespace pkg::saga::testing {
INSTANTIATE_TYPED_TEST_SUITE_P(Pg, SagaStoreContract, ::testing::Types<saga_pg::Pg>);
}  // namespace pkg::saga::testing

namespace pkg::saga_pg {
namespace {

/// Remembers what was sent last; commits are not looked at.
class LastMessage final : public messaging::Outbox {
 public:
  void add(uow::UnitOfWork&, messaging::Message message) override { last = std::move(message); }
  messaging::Message last;
};

class SagasOnPostgres : public ::testing::Test {
 protected:
  template <class F>
  auto in_unit(F work) {
    return postgres.transactor().run_for({}, work);
  }
  saga::Outcome reply(saga::Coordinator& to) {
    messaging::Message message;
    message.type = saga::reply_type;
    message.headers = outbox.last.headers;
    message.headers.emplace(saga::header::command_id, outbox.last.id);
    message.headers.emplace(saga::header::outcome, saga::success);
    message.payload = "Ritz";
    const auto outcome = in_unit([&](uow::UnitOfWork& unit) { return to.on_reply(unit, message); });
    EXPECT_TRUE(outcome) << outcome.error().detail;
    return outcome.value_or(saga::Outcome::unknown_saga);
  }
  void start(const std::string& id) {
    const auto done = in_unit([&](uow::UnitOfWork& unit) { return coordinator.start(unit, id, saga::testing::trip_data()); });
    ASSERT_TRUE(done) << done.error().detail;
  }
  saga::HistoryEntry line(std::string what, std::string detail = {}) const {
    return {clock.now(), "", "", std::move(what), std::move(detail)};
  }
  std::vector<std::string> history(const std::string& id) {
    std::vector<std::string> lines;
    const auto read = in_unit([&](uow::UnitOfWork& unit) { return postgres.store().history(unit, "Trip", id); });
    EXPECT_TRUE(read) << read.error().detail;
    for (const auto& entry : read.value_or(std::vector<saga::HistoryEntry>{})) {
      lines.push_back(entry.what + (entry.detail.empty() ? "" : " " + entry.detail));
    }
    return lines;
  }
  void save_next(saga::State& state, const saga::HistoryEntry& entry) {
    ++state.version;
    const auto saved =
        postgres.transactor().run({}, [&](uow::UnitOfWork& unit) { return postgres.store().save(unit, state, std::array{entry}); });
    ASSERT_TRUE(saved) << saved.error().detail;
  }
  void run(const std::string& sql) {
    const auto done = postgres.transactor().run({}, [&](uow::UnitOfWork& unit) -> errors::Result<> {
      postgres::transaction_of(unit).execute(sql);
      return {};
    });
    ASSERT_TRUE(done) << done.error().detail;
  }
  std::int64_t number(const std::string& sql) {
    return in_unit([&](uow::UnitOfWork& unit) -> errors::Result<std::int64_t> {
             auto rows = postgres::transaction_of(unit).query(sql);
             if (!rows) return errors::pass_on(rows);
             return (*rows)[0].int64(0);
           })
        .value();
  }
  static saga::Definitions definitions() { return saga::Definitions::make({saga::testing::trip_definition()}).value(); }

  OnPostgres postgres;
  LastMessage outbox;
  clock::ManualClock clock;
  saga::Coordinator coordinator{definitions(), postgres.store(), outbox, clock, {.source = "/t", .reply_channel = "r"}};
};

TEST_F(SagasOnPostgres, MoveOnAReplyInOneRoundTrip) {
  start("s1");
  const auto before = postgres.exchanges();
  for (int step = 0; step < 3; ++step) EXPECT_EQ(reply(coordinator), saga::Outcome::applied);
  EXPECT_EQ(postgres.exchanges() - before, 3u);
}

TEST_F(SagasOnPostgres, ChangeInPlaceWhileTheyRun) {
  start("s1");
  EXPECT_EQ(reply(coordinator), saga::Outcome::applied);
  const auto in_place = in_unit([&](uow::UnitOfWork& unit) -> errors::Result<std::int64_t> {
    auto state = postgres.store().load(unit, "Trip", "s1", Freshness::current).value().value();
    ++state.version;
    state.wake_at = *state.wake_at + seconds{1};
    if (auto saved = postgres.store().save(unit, state, std::array{line("sent_again")}); !saved) return errors::pass_on(saved);
    auto rows = postgres::transaction_of(unit).query(
        "select pg_stat_get_xact_tuples_updated('sagas'::regclass) - pg_stat_get_xact_tuples_hot_updated('sagas'::regclass)");
    if (!rows) return errors::pass_on(rows);
    return (*rows)[0].int64(0);
  });
  EXPECT_EQ(in_place.value(), 0) << "an index covers something that changes at every step";
}

TEST_F(SagasOnPostgres, KeepTheirHistoryInTheirRow) {
  start("s1");
  for (int step = 0; step < 3; ++step) EXPECT_EQ(reply(coordinator), saga::Outcome::applied);
  EXPECT_EQ(number("select count(*) from saga_history"), 0);
  EXPECT_EQ(number("select (history like E'4\\t%\\t\\t\\tcompleted\\t\\n%\\n1\\t%\\t\\t\\tstarted\\t\\n%')::int::bigint from sagas"), 1)
      << "what was last is in front, so that it alone is logged";
}

TEST_F(SagasOnPostgres, RowsDoNotGrowWithWhatIsTriedForEver) {
  auto state = saga::testing::full_state("s1");
  state.version = 0;
  save_next(state, line("started"));
  save_next(state, line("failed", std::string(5000, 'x')));
  EXPECT_EQ(number("select count(*) from saga_history"), 1) << "what says much is no burden to every step after it";
  while (state.version < 20) save_next(state, line("sent_again"));
  const auto length = number("select octet_length(history)::bigint from sagas");
  EXPECT_LT(length, 1500);
  while (state.version < 60) save_next(state, line("sent_again"));
  EXPECT_EQ(number("select octet_length(history)::bigint from sagas"), length);
  EXPECT_EQ(history("s1").size(), 60U);
}

TEST_F(SagasOnPostgres, AlertedOnesAreFoundWithoutLookingThroughAll) {
  for (int each = 0; each < 200; ++each) start("s" + std::to_string(each));
  run("update sagas set status = 'completed', alert = false");
  run("update sagas set status = 'running', alert = true where saga_id = 's7'");
  run("analyze sagas");
  // What the connection has not handed in yet counts, also from before.
  const auto rows_read = [](uow::UnitOfWork& unit) {
    const auto rows =
        postgres::transaction_of(unit).query("select idx_tup_fetch + seq_tup_read from pg_stat_xact_user_tables where relname = 'sagas'");
    return rows.value()[0].int64(0);
  };
  std::size_t found = 0;
  std::int64_t read = 0;
  ASSERT_TRUE(postgres.transactor().run({}, [&](uow::UnitOfWork& unit) -> errors::Result<> {
    const auto before = rows_read(unit);
    found = postgres.store().list(unit, "Trip", {.status = {}, .only_alerts = true}, 100, {}).value().sagas.size();
    read = rows_read(unit) - before;
    return {};
  }));
  EXPECT_EQ(found, 1U);
  EXPECT_LT(read, 10);
}

TEST_F(SagasOnPostgres, MoveOnWhicheverReplicaTheReplyReaches) {
  PgSagaStore other_store;
  saga::Coordinator other{definitions(), other_store, outbox, clock, {.source = "/t", .reply_channel = "r"}};
  start("s1");
  EXPECT_EQ(reply(other), saga::Outcome::applied);
  EXPECT_EQ(reply(coordinator), saga::Outcome::applied) << "what it remembers is behind by one step";
  EXPECT_EQ(reply(other), saga::Outcome::applied);
  const auto state = in_unit([&](uow::UnitOfWork& unit) { return other_store.load(unit, "Trip", "s1", Freshness::current); }).value();
  ASSERT_TRUE(state);
  EXPECT_EQ(state->status, saga::Status::completed);
  EXPECT_EQ(state->ignored, 0u);
}

TEST_F(SagasOnPostgres, AreSharedByReplicasThatLookForDueOnesAtTheSameTime) {
  start("s1");
  start("s2");
  clock.advance(seconds{1});
  PgSagaStore other_store;
  std::vector<saga::State> mine, theirs;
  ASSERT_TRUE(postgres.transactor().run({}, [&](uow::UnitOfWork& unit) -> errors::Result<> {
    mine = postgres.store().due(unit, "Trip", clock.now(), 1).value();
    return postgres.transactor().run({}, [&](uow::UnitOfWork& other_unit) -> errors::Result<> {
      theirs = other_store.due(other_unit, "Trip", clock.now(), 10).value();
      return {};
    });
  }));
  ASSERT_EQ(mine.size(), 1u);
  ASSERT_EQ(theirs.size(), 1u);
  EXPECT_NE(mine.front().id, theirs.front().id);
}

TEST_F(SagasOnPostgres, BeginInOneRoundTrip) {
  const auto before = postgres.exchanges();
  start("s1");
  EXPECT_EQ(postgres.exchanges() - before, 1u);
}

TEST_F(SagasOnPostgres, BeginOnceThoughTwoReplicasTakeThemForNew) {
  PgSagaStore other_store;
  saga::Coordinator other{definitions(), other_store, outbox, clock, {.source = "/t", .reply_channel = "r"}};
  start("s1");
  const auto again = in_unit([&](uow::UnitOfWork& unit) { return other.start(unit, "s1", saga::testing::trip_data()); });
  EXPECT_EQ(again, saga::Outcome::ignored);
  EXPECT_EQ(reply(coordinator), saga::Outcome::applied);
}

TEST_F(SagasOnPostgres, HistoryFromBeforeItWasInTheirRowIsReadFirst) {
  const auto put = [&](const std::string& values) {
    run("insert into saga_history (saga_name, saga_id, version, line, at, step, direction, what, detail, more) values ('Trip', 's1', " +
        values + ")");
  };
  // A line a row, as it was first; then a transition a row.
  put("1, 1, '2026-01-01', '', '', 'started', '', '{}'");
  put("1, 2, '2026-01-01', 'check', 'forward', 'sent', 'try 1', '{}'");
  put("2, 1, '2026-01-01', 'check', 'forward', 'succeeded', '', '{1767225600000000,book_hotel,forward,sent,\"\"}'");
  start("s1");
  run("update sagas set version = 2, history = ''");
  auto state = saga::testing::full_state("s1");
  state.version = 2;
  save_next(state, line("succeeded"));
  save_next(state, line("sent_again"));
  // By a process of before that is not stopped yet.
  put("5, 1, '2026-01-01', '', '', 'alert_raised', '', '{}'");
  run("update sagas set version = 5");
  state.version = 5;
  save_next(state, line("alert_cleared"));
  EXPECT_THAT(history("s1"), ::testing::ElementsAre("started", "sent try 1", "succeeded", "sent", "succeeded", "sent_again", "alert_raised",
                                                    "alert_cleared"));
}

}  // namespace
}  // namespace pkg::saga_pg
