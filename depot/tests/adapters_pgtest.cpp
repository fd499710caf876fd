// The PostgreSQL adapters of depot pass the contract that the fakes pass, and keep their promise under concurrency.

#include <atomic>
#include <thread>

#include "depot/internal/adapters/pg/pg_bots.hpp"
#include "depot/internal/adapters/pg/pg_floor.hpp"
#include "depot/internal/adapters/pg/pg_shopping_lists.hpp"
#include "depot/internal/adapters/pg/pg_store_cache.hpp"
#include "depot/internal/app/app.hpp"
#include "depot/tests/port_contracts.hpp"
#include "pkg/postgres/migrations.hpp"
#include "pkg/postgres/transactor.hpp"
#include "pkg/testing/postgres_server.hpp"

namespace depot::tests {

/// The service's tables; see mall_embed() in CMakeLists.txt.
std::span<const pkg::embed::EmbeddedFile> migration_files();

namespace {

using Status = domain::ShoppingListStatus;

pkg::postgres::PoolOptions options_for(const std::string& connection_string) {
  pkg::postgres::PoolOptions options;
  options.connection.connection_string = connection_string;
  return options;
}

class PgPorts {
 public:
  PgPorts() {
    const auto steps = pkg::postgres::embedded_migrations("depot", migration_files());
    const auto migrated = pkg::postgres::migrate(pool_.options().connection, steps.value());
    if (!migrated) ADD_FAILURE() << migrated.error().detail;
  }
  pkg::uow::Transactor& transactor() { return transactor_; }
  app::ShoppingListStore& lists() { return lists_; }
  app::BotStore& bots() { return bots_; }
  app::StoreCache& stores() { return stores_; }
  app::Floor& floor() { return floor_; }
  const pkg::testing::TestDatabase& database() const { return database_; }
  int wakes() const { return wakes_; }

 private:
  pkg::testing::TestDatabase database_;
  pkg::postgres::Pool pool_{options_for(database_.connection_string())};
  pkg::postgres::PgTransactor transactor_{pool_};
  std::atomic<int> wakes_ = 0;
  adapters::pg::PgShoppingLists lists_;
  adapters::pg::PgBots bots_;
  adapters::pg::PgStoreCache stores_;
  adapters::pg::PgFloor floor_{[this] { ++wakes_; }};
};
INSTANTIATE_TYPED_TEST_SUITE_P(Postgres, PortContract, PgPorts);

class SilentNews final : public app::ShoppingListNews {
 public:
  void tell(pkg::uow::UnitOfWork&, const domain::ShoppingList&, std::span<const domain::ShoppingListEvent>) override {}
};
class NoDirectory final : public app::StoreDirectory {
 public:
  pkg::errors::Result<std::optional<app::StoreFact>> look_up(const pkg::uow::Cause&, const domain::StoreId&) override {
    return std::optional<app::StoreFact>{};
  }
};

class PgDepot : public PortContract<PgPorts> {
 protected:
  pkg::clock::SystemClock clock;
  SilentNews news;
  NoDirectory directory;
  app::Application app{{ports.transactor(),
                        ports.lists(),
                        ports.bots(),
                        ports.stores(),
                        directory,
                        news,
                        ports.floor(),
                        clock,
                        {.robots = true, .per_piece = {}}}};

  std::string sql(const std::string& statement) { return ports.database().sql(statement); }
};

TEST_F(PgDepot, AListIsTakenForNewUntilASaveOfItHasFailed) {
  adapters::pg::PgShoppingLists elsewhere;  // another process
  const auto made = list(1, Status::pending);
  ASSERT_TRUE(run([&](auto& unit) { elsewhere.save(unit, made); }));
  std::vector<std::optional<Status>> seen;
  ASSERT_TRUE(run([&](auto& unit) {
    const auto assumed = ports.lists().assumed_of(unit, made.order);
    seen.push_back(assumed ? std::optional(assumed->status) : std::nullopt);
    if (assumed) ports.lists().save(unit, made);
  }));
  EXPECT_EQ(seen, (std::vector<std::optional<Status>>{Status::none, std::nullopt})) << "the second time it is to be looked for";
}

TEST_F(PgDepot, RemembersTheListOfAnOrderAsItWroteItLast) {
  auto made = list(1, Status::pending);
  save(made);
  made.version = 1;
  const auto known = [&](auto& unit) {
    return pkg::errors::Result<std::optional<domain::ShoppingList>>(ports.lists().remembered_of(unit, made.order));
  };
  EXPECT_EQ(read(known), made);
}

TEST_F(PgDepot, AnOpenListChangesInPlace) {
  auto changed = list(1, Status::pending);
  std::vector<std::int64_t> in_place;
  ASSERT_TRUE(run([&](auto& unit) {
    for (const auto status : {Status::pending, Status::available, Status::assigned, Status::completed}) {
      changed.status = status;
      if (status == Status::assigned) changed.due_at = t0;
      ports.lists().save(unit, changed);
      ++changed.version;
      const auto updated = pkg::postgres::transaction_of(unit).query(
          "SELECT n_tup_hot_upd FROM pg_stat_xact_user_tables WHERE relname = 'shopping_lists' AND n_tup_ins = 1");
      in_place.push_back((*updated)[0].int64(0));
    }
  }));
  EXPECT_EQ(in_place, (std::vector<std::int64_t>{0, 1, 2, 2})) << "updates that left no entry in an index";
}

TEST_F(PgDepot, ListsThatEndedAreNotGoneThroughAgainAndAgain) {
  sql("INSERT INTO shopping_lists (shopping_list_id, version, order_id, status, stops, created_at)"
      " SELECT gen_random_uuid(), 1, gen_random_uuid(), 'available', '', now() FROM generate_series(1, 2000)");
  sql("UPDATE shopping_lists SET status = 'completed'");
  std::vector<std::int64_t> entries;
  for (int look = 0; look < 2; ++look) {
    ASSERT_TRUE(run([&](auto& unit) {
      const auto read = [&] {
        auto rows = pkg::postgres::transaction_of(unit).query("SELECT pg_stat_get_xact_tuples_returned('shopping_lists_open'::regclass)");
        return (*rows)[0].int64(0);
      };
      const auto before = read();
      EXPECT_TRUE(ports.lists().take_available(unit, 9));
      entries.push_back(read() - before);
    }));
  }
  EXPECT_EQ(entries, (std::vector<std::int64_t>{2000, 0})) << "the first look marks them";
}

TEST_F(PgDepot, AListThatTheReleaseBeforeAssignedIsDueInItsTime) {
  using std::chrono::seconds;
  for (const std::uint64_t n : {6, 7}) assign(list(n, Status::available), bot(40 + n, "bot " + std::to_string(n)), n);
  // It neither writes nor clears what a bot says.
  sql("UPDATE bots SET due_at = NULL WHERE name = 'bot 6'; UPDATE bots SET due_at = due_at - interval '1 h' WHERE name = 'bot 7'");
  EXPECT_EQ(read([&](auto& unit) { return ports.lists().next_due(unit); }), t0 + seconds{6});
  EXPECT_EQ(numbers(read([&](auto& unit) { return ports.lists().take_due(unit, t0 + seconds{6}, 9); })), (std::vector<std::uint64_t>{6}));
  sql("UPDATE shopping_lists SET status = 'canceled' WHERE due_at = (SELECT min(due_at) FROM shopping_lists)");
  EXPECT_EQ(read([&](auto& unit) { return ports.lists().next_due(unit); }), t0 + seconds{7}) << "a bot whose list has ended wakes nobody";
}

TEST_F(PgDepot, WorkersAndPeopleAtOnceGiveNoBotTwoListsAndNoListTwoBots) {
  constexpr std::uint64_t all = 60;
  for (std::uint64_t n = 1; n <= all; ++n) save(list(n, Status::available));
  for (std::uint64_t n = 0; n < 5; ++n) save(bot(200 + n, "bot " + std::to_string(n)));
  // Each assignment leaves a row, however short it lasts.
  sql("CREATE TABLE seen (list uuid, bot uuid);"
      "CREATE FUNCTION see() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
      "  INSERT INTO seen VALUES (new.shopping_list_id, new.bot_id); RETURN new; END $$;"
      "CREATE TRIGGER see AFTER UPDATE ON shopping_lists FOR EACH ROW WHEN (new.status = 'assigned') EXECUTE FUNCTION see();");
  std::atomic<int> completed = 0;
  std::atomic<bool> is_over = false;
  std::vector<std::string> failures;
  std::mutex mutex;
  const auto note = [&](const auto& result) {
    if (result || result.error().kind == pkg::errors::ErrorKind::conflict || result.error().kind == pkg::errors::ErrorKind::contended)
      return;
    const std::scoped_lock lock(mutex);
    failures.push_back(result.error().code);
  };
  std::vector<std::thread> threads;
  for (int worker = 0; worker < 3; ++worker) {
    threads.emplace_back([&] {
      while (!is_over) note(app.work_floor({}, {2}));
    });
  }
  threads.emplace_back([&] {
    for (std::uint64_t n = 1; !is_over; n = n % all + 1) {
      note(app.assign_shopping_list({}, {id<domain::ShoppingListId>(n), id<domain::BotId>(200 + n % 5), {}}));
    }
  });
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{30};
  while (completed < static_cast<int>(all) && std::chrono::steady_clock::now() < deadline) {
    completed = std::stoi(sql("SELECT count(*) FROM shopping_lists WHERE status = 'completed'"));
  }
  is_over = true;
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(completed, static_cast<int>(all)) << "all lists are picked within 30 s";
  EXPECT_EQ(failures, std::vector<std::string>{});
  EXPECT_EQ(sql("SELECT count(*) || ' ' || count(DISTINCT list) FROM seen"), "60 60") << "each list was assigned once";
  EXPECT_EQ(sql("SELECT count(*) FROM shopping_lists WHERE version <> 3"), "0") << "assigned and completed once each";
  EXPECT_EQ(sql("SELECT count(*) FROM bots WHERE status <> 'idle' OR shopping_list_id IS NOT NULL"), "0");
  EXPECT_EQ(sql("SELECT sum(version) FROM bots"), "125") << "each assignment took one bot, once, and each completion freed it";
}

TEST_F(PgDepot, TheFloorIsWokenOnceItIsCommittedAndNotOtherwise) {
  save(bot(200, "one"));
  EXPECT_FALSE(ports.transactor().run({}, [&](pkg::uow::UnitOfWork& unit) -> pkg::errors::Result<> {
    ports.floor().wake(unit);
    ports.bots().save(unit, bot(201, "two"));
    return pkg::errors::fail(pkg::errors::ErrorKind::rejected, "no", "No.");
  }));
  EXPECT_EQ(ports.wakes(), 0);
  ASSERT_TRUE(app.register_bot({}, {id<domain::BotId>(202), "two"}));
  EXPECT_EQ(ports.wakes(), 1);
  EXPECT_EQ(app.register_bot({}, {id<domain::BotId>(203), " two "}).error().code, "bot_name_taken");
}

TEST_F(PgDepot, TwoFirstStartsAtOnceRegisterTheInitialBotsOnce) {
  pkg::ids::TimeOrderedIds ids(clock);
  std::vector<std::thread> starts;
  for (int i = 0; i < 4; ++i) starts.emplace_back([&] { EXPECT_TRUE(app.register_initial_bots({}, 3, ids)); });
  for (auto& start : starts) start.join();
  EXPECT_EQ(sql("SELECT string_agg(name, ' ' ORDER BY name) FROM bots"), "bot-1 bot-2 bot-3");
}

TEST_F(PgDepot, WhatIsLearntOfAStoreIsSeenAtOnceAndForgottenWithItsUnit) {
  const auto name_in = [&](auto& unit) -> pkg::errors::Result<std::string> {
    const auto known = ports.stores().find(unit, std::span(&north, 1));
    if (!known) return pkg::errors::pass_on(known);
    return known->empty() ? "" : known->front().name;
  };
  learn({north, "North", "Hall 1", 1});
  EXPECT_EQ(read(name_in), "North");
  EXPECT_EQ(read([&](auto& unit) {
              ports.stores().learn(unit, {north, "New North", {}, 2});
              return name_in(unit);
            }),
            "New North");
  EXPECT_EQ(read(name_in), "New North");
  const auto failed = ports.transactor().run({}, [&](pkg::uow::UnitOfWork& unit) -> pkg::errors::Result<> {
    ports.stores().learn(unit, {north, "Nobody's", {}, 3});
    EXPECT_EQ(name_in(unit).value_or("nothing"), "Nobody's");
    return pkg::errors::fail(pkg::errors::ErrorKind::rejected, "no", "No.");
  });
  EXPECT_FALSE(failed);
  EXPECT_EQ(read(name_in), "New North");
}

}  // namespace
}  // namespace depot::tests
