#include "pkg/es_pg/all_streams.hpp"

#include <gtest/gtest.h>

#include "pkg/es/testing/event_store_contract.hpp"
#include "pkg/es_pg/migrations.hpp"
#include "pkg/es_pg/read_model.hpp"
#include "pkg/postgres/migrations.hpp"
#include "pkg/postgres/pool.hpp"
#include "pkg/postgres/transactor.hpp"
#include "pkg/testing/postgres_server.hpp"

namespace pkg::es_pg {
namespace {

using errors::Result;
using es::testing::Added;
using es::testing::Tally;

EventCodec<Tally> codec() {
  return {.encode = {}, .decode = [](const StoredEvent& stored) -> Result<Tally::Event> {
            if (stored.type == "Added") return Added{static_cast<std::int64_t>(stored.payload.size())};
            return errors::fail(errors::ErrorKind::internal, "unknown", "Unknown.");
          }};
}

class AllStreams : public ::testing::Test {
 protected:
  AllStreams() { EXPECT_TRUE(postgres::migrate(pool_.options().connection, *postgres::embedded_migrations("es", migration_files()))); }
  static postgres::PoolOptions options(const testing::TestDatabase& database) {
    postgres::PoolOptions options;
    options.connection.connection_string = database.connection_string();
    return options;
  }
  /// `id` is a digit; the event adds as much as its payload is long.
  void add(int id, int version, const std::string& type, const std::string& payload,
           const std::string& kind = std::string(Tally::kind)) const {
    database_.sql("insert into events values ('" + kind + "', '00000000-0000-7000-8000-00000000000" + std::to_string(id) + "', " +
                  std::to_string(version) + ", '" + type + "', 1, '" + payload + "', now(), '', '')");
  }
  std::vector<Stream<Tally>> fold() {
    std::vector<Stream<Tally>> streams;
    postgres::PgTransactor transactor(pool_);
    EXPECT_TRUE(transactor.run({}, [&](uow::UnitOfWork& unit) {
      return for_each_stream<Tally>(unit, codec(), [&](const Stream<Tally>& stream) { streams.push_back(stream); });
    }));
    return streams;
  }

  testing::TestDatabase database_;
  postgres::Pool pool_{options(database_)};
};

TEST_F(AllStreams, AreFoldedOneByOneInTheOrderOfTheirIds) {
  add(2, 1, "Added", "xx");
  add(1, 1, "Added", "x");
  add(1, 2, "Added", "xxx");
  add(3, 1, "Added", "x", "Another");
  const auto streams = fold();
  ASSERT_EQ(streams.size(), 2u);
  EXPECT_EQ(streams[0].state.amounts, (std::vector<std::int64_t>{1, 3}));
  EXPECT_EQ(streams[0].version, 2u);
  EXPECT_EQ(streams[1].state.amounts, (std::vector<std::int64_t>{2}));
}

TEST_F(AllStreams, ArePagedThroughWithoutLosingAny) {
  database_.sql("insert into events select '" + std::string(Tally::kind) +
                "', ('00000000-0000-7000-8000-' || lpad((n / 7)::text, 12, '0'))::uuid, n % 7 + 1, 'Added', 1, 'x', now(), '', ''"
                " from generate_series(7, 12006) n");
  const auto streams = fold();
  std::size_t events = 0;
  for (const auto& stream : streams) events += stream.state.amounts.size();
  EXPECT_EQ(events, 12'000u);
  EXPECT_EQ(streams.size(), 1715u);
}

TEST_F(AllStreams, SayWhichEventNobodyCanReadAndGoOn) {
  add(1, 1, "Added", "x");
  add(1, 2, "Forgotten", "");
  add(1, 3, "Added", "x");
  add(2, 1, "Added", "x");
  const auto streams = fold();
  ASSERT_EQ(streams.size(), 2u);
  EXPECT_EQ(streams[0].unreadable, "Forgotten version 1 at 2");
  EXPECT_EQ(streams[0].version, 3u);
  EXPECT_EQ(streams[1].unreadable, "");
}

TEST(ReadModels, DifferInRowsThatAreMissingAndInValues) {
  const auto id = [](int n) { return *ids::Uuid::parse("00000000-0000-7000-8000-00000000000" + std::to_string(n)); };
  ReadModel model;
  model.by_events = {{id(1), {{"name", "a"}}}, {id(2), {{"name", "b"}}}, {id(3), {{"name", "c"}}}, {id(4), {{"name", "d"}}}};
  model.in_table = {{id(1), {{"name", "a"}, {"other", "more"}}}, {id(2), {{"name", "x"}}}, {id(4), {{"name", "d"}}}, {id(5), {}}};
  model.unreadable[id(4)] = "Forgotten version 1 at 1";
  std::string found;
  for (const auto& one : differences(model)) {
    found += one.id.to_string().substr(35) + " " + one.what + ": " + one.by_events + ", " + one.in_table + "\n";
  }
  EXPECT_EQ(found, "2 name: b, x\n3 row: one, none\n4 an event: one that can be read, Forgotten version 1 at 1\n5 row: none, one\n");
}

}  // namespace
}  // namespace pkg::es_pg
