// The saga on PostgreSQL, as cosec keeps it.

#include <gtest/gtest.h>

#include "cosec/tests/sample_order.hpp"
#include "pkg/messaging/outbox.hpp"
#include "pkg/postgres/migrations.hpp"
#include "pkg/postgres/pool.hpp"
#include "pkg/postgres/transactor.hpp"
#include "pkg/saga/coordinator.hpp"
#include "pkg/saga/headers.hpp"
#include "pkg/saga_pg/migrations.hpp"
#include "pkg/saga_pg/pg_saga_store.hpp"
#include "pkg/testing/golden.hpp"
#include "pkg/testing/postgres_server.hpp"

namespace cosec::tests {
namespace {

using pkg::messaging::Message;
using pkg::saga::Status;
using pkg::uow::UnitOfWork;

const std::string order_id = sample_order().order.to_string();
// A saga's id of its commands is made from its start; the tests only need that it stays the same.
const std::string command_id = pkg::ids::CountingIds::nth(90).to_string();

class LastMessage final : public pkg::messaging::Outbox {
 public:
  void add(UnitOfWork&, Message message) override { last = std::move(message); }
  Message last;
};

class SagasOnPostgres : public ::testing::Test {
 protected:
  SagasOnPostgres() {
    const auto steps = pkg::postgres::embedded_migrations("saga", pkg::saga_pg::migration_files());
    const auto migrated = pkg::postgres::migrate(pool.options().connection, *steps);
    EXPECT_TRUE(migrated) << migrated.error().detail;
  }

  /// Each time a process of its own: nothing is remembered from the one before.
  struct Process {
    explicit Process(SagasOnPostgres& test)
        : sagas(pkg::saga::Definitions::make({create_order()}).value(), store, test.outbox, test.clock,
                {.source = "/mallbots/cosec", .reply_channel = "mallbots.cosec.replies.CreateOrder"}) {}
    pkg::saga_pg::PgSagaStore store;
    pkg::saga::Coordinator sagas;
  };

  void start() {
    Process process(*this);
    const auto started = transactor.run_for({"corr", "cause", ""}, [&](UnitOfWork& unit) {
      return process.sagas.start(unit, order_id, adapters::pg::create_order_codec().encode(sample_order()));
    });
    ASSERT_TRUE(started) << started.error().detail;
  }
  /// Answers a command and gives what is sent then: its last word.
  std::string answer(std::string to_command, bool success) {
    Process process(*this);
    outbox.last = {};
    Message reply;
    reply.type = pkg::saga::reply_type;
    reply.headers = {{"saga-name", "CreateOrder"},
                     {"saga-id", order_id},
                     {"saga-command-id", std::move(to_command)},
                     {"saga-outcome", success ? "success" : "failure"},
                     {"saga-failure-code", "payment_too_small"},
                     {"saga-failure-detail", "It does not cover the order."}};
    reply.payload = list_reply();
    const auto taken = transactor.run_for({}, [&](UnitOfWork& unit) { return process.sagas.on_reply(unit, reply); });
    EXPECT_TRUE(taken) << taken.error().detail;
    return last_sent();
  }
  std::string last_sent() const { return outbox.last.type.substr(outbox.last.type.rfind('.') + 1); }
  pkg::saga::State state() {
    Process process(*this);
    return transactor
        .run_for({}, [&](UnitOfWork& unit) { return process.store.load(unit, "CreateOrder", order_id, pkg::saga::Freshness::current); })
        .value()
        .value();
  }
  /// A row as version 1 writes it, in the words of its day; `out` is the step, direction and id of the command that is out.
  void insert_row(const std::string& status, const std::string& steps, int out_step, const std::string& direction) {
    std::ifstream file("cosec/tests/golden/stored/CreateOrder-1.hex");
    std::string data;
    ASSERT_TRUE(std::getline(file, data));
    database.sql(
        "insert into sagas (saga_name, saga_id, definition_version, data_version, version, status, data, steps, out_step, out_direction, "
        "out_message_id, out_round, out_attempt, out_refused, wake_at, started_at, changed_at, failed_step, failure_code, failure_detail, "
        "alert, ignored, correlation_id, traceparent) values ('CreateOrder', '" +
        order_id + "', 1, 1, 4, '" + status + "', '\\x" + data + "', '{" + steps + "}', " + std::to_string(out_step) + ", '" + direction +
        "', '" + command_id + "', 1, 1, false, now(), now(), now(), '', '', '', false, 0, 'corr', '')");
  }

  pkg::testing::TestDatabase database;
  pkg::postgres::Pool pool{{.connection = {.connection_string = database.connection_string(), .application_name = "cosec_test"}}};
  pkg::postgres::PgTransactor transactor{pool};
  pkg::clock::ManualClock clock;
  LastMessage outbox;
};

TEST_F(SagasOnPostgres, GoOnAfterARestartAtEveryStep) {
  start();
  Strings sent{last_sent()};
  while (!outbox.last.id.empty() && sent.size() < 20) {
    if (auto next = answer(outbox.last.id, true); !next.empty()) sent.push_back(next);
  }
  EXPECT_EQ(sent, (Strings{"AuthorizeUser", "ReserveStock", "CreateShoppingList", "ConfirmPayment", "InitiateShopping", "ApproveOrder"}));
  EXPECT_EQ(state().status, Status::completed);
  const auto data = adapters::pg::create_order_codec().decode(state().data);
  ASSERT_TRUE(data);
  EXPECT_EQ(data->shopping_list, id<domain::ShoppingListId>(41));
}

TEST_F(SagasOnPostgres, GoOnBackwardsAfterARestartAtEveryStep) {
  start();
  for (const auto* step : {"ReserveStock", "CreateShoppingList", "ConfirmPayment"}) ASSERT_EQ(answer(outbox.last.id, true), step);
  EXPECT_EQ(answer(outbox.last.id, false), "CancelShoppingList");
  EXPECT_EQ(answer(outbox.last.id, true), "ReleaseStock");
  EXPECT_EQ(answer(outbox.last.id, true), "RejectOrder");
  EXPECT_EQ(answer(outbox.last.id, true), "");
  EXPECT_EQ(state().status, Status::compensated);
  EXPECT_EQ(state().failure_code, "payment_too_small");
}

TEST_F(SagasOnPostgres, OfVersionOneAreReadAndGoOnForwards) {
  insert_row("running", "done,done,done,sent,pending,pending,pending", 3, "forward");
  EXPECT_EQ(answer(command_id, true), "ConfirmPayment");
  EXPECT_EQ(state().version, 5u);
}

TEST_F(SagasOnPostgres, OfVersionOneAreReadAndGoOnBackwards) {
  insert_row("compensating", "done,done,unknown,undone,failed,pending,pending", 2, "compensation");
  EXPECT_EQ(answer(command_id, true), "RejectOrder");
  EXPECT_EQ(answer(outbox.last.id, true), "");
  EXPECT_EQ(state().status, Status::compensated);
}

TEST_F(SagasOnPostgres, OfVersionOneAreReadAndAreCanceled) {
  insert_row("canceling", "done,done,done,sent,pending,pending,pending", 3, "forward");
  EXPECT_EQ(answer(command_id, false), "ReleaseStock");
  EXPECT_EQ(answer(outbox.last.id, true), "");
  EXPECT_EQ(state().status, Status::canceled);
}

}  // namespace
}  // namespace cosec::tests
