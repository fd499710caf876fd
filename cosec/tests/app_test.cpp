// What operators can ask, and what is done about old sagas.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cosec/internal/app/app.hpp"
#include "cosec/tests/sample_order.hpp"
#include "pkg/saga_engine/memory_saga_store.hpp"
#include "pkg/uow/memory_transactor.hpp"

namespace cosec::tests {
namespace {

using pkg::errors::ErrorKind;
using pkg::saga::Status;
using std::chrono::hours;
using ::testing::ElementsAre;

class Operators : public ::testing::Test {
 protected:
  /// A saga of that name, step by step as the engine makes it.
  void keep(const std::string& id, Status until, bool alert = false) {
    auto state = pkg::saga::not_started(definitions.current(), id);
    const auto give = [&](const pkg::saga::Input& input) {
      auto turn = pkg::saga::advance(definitions.current(), state, input, clock.now());
      ASSERT_TRUE(turn) << turn.error().detail;
      state = turn->state;
      if (alert) state.alert = true;
      ASSERT_TRUE(transactor.run({}, [&](pkg::uow::UnitOfWork& unit) { return store.save(unit, state, turn->history); }));
    };
    give(pkg::saga::Started{adapters::pg::create_order_codec().encode(sample_order()), "corr", ""});
    if (until == Status::running) return;
    give(pkg::saga::Reply{.command_id = state.in_flight->message_id, .failure_code = "user_disabled", .failure_detail = "Disabled."});
    if (until == Status::compensating) return;
    give(pkg::saga::Reply{.command_id = state.in_flight->message_id, .success = true});
    ASSERT_EQ(state.status, until);
  }
  static Strings ids(const pkg::saga::Page& page) {
    Strings all;
    for (const auto& saga : page.sagas) all.push_back(saga.id);
    return all;
  }

  pkg::clock::ManualClock clock;
  pkg::uow::MemoryTransactor transactor;
  pkg::saga::MemorySagaStore store;
  pkg::saga::Definitions definitions = pkg::saga::Definitions::make({create_order()}).value();
  app::Application app{transactor, store, definitions, clock};
};

TEST_F(Operators, SeeASagaWithItsPlanAndItsHistory) {
  keep("a", Status::compensating);
  const auto saga = app.get_saga({}, "a");
  ASSERT_TRUE(saga) << saga.error().detail;
  EXPECT_EQ(saga->state.failure_code, "user_disabled");
  EXPECT_THAT(saga->plan.would_undo, ElementsAre("order"));
  Strings history;
  for (const auto& entry : saga->history) history.push_back(entry.step + " " + entry.direction + " " + entry.what);
  EXPECT_THAT(history, ElementsAre("  started", "authorize_user forward sent", "authorize_user forward failed", "order compensation sent"));
}

TEST_F(Operators, AreToldWhereThereIsNoSuchSaga) {
  const auto saga = app.get_saga({}, "a");
  ASSERT_FALSE(saga);
  EXPECT_EQ(saga.error().kind, ErrorKind::not_found);
  EXPECT_EQ(saga.error().code, "no_such_saga");
}

TEST_F(Operators, AreToldWhereASagaFollowsADefinitionOfAnotherProgram) {
  auto state = pkg::saga::not_started(definitions.current(), "a");
  state.definition_version = 2;
  state.status = Status::running;
  state.version = 1;
  ASSERT_TRUE(transactor.run({}, [&](pkg::uow::UnitOfWork& unit) { return store.save(unit, state, {}); }));
  EXPECT_EQ(app.get_saga({}, "a").error().code, "unknown_saga_definition");
}

TEST_F(Operators, ListSagasNewestFirstByStatusAndPage) {
  for (const auto* id : {"a", "b", "c"}) keep(id, Status::running);
  keep("d", Status::compensated);
  EXPECT_THAT(ids(*app.list_sagas({}, std::nullopt, 10, "")), ElementsAre("d", "c", "b", "a"));
  EXPECT_THAT(ids(*app.list_sagas({}, Status::compensated, 10, "")), ElementsAre("d"));
  const auto first = app.list_sagas({}, Status::running, 2, "");
  EXPECT_THAT(ids(*first), ElementsAre("c", "b"));
  EXPECT_THAT(ids(*app.list_sagas({}, Status::running, 2, first->next_page_token)), ElementsAre("a"));
}

TEST_F(Operators, HearHowManySagasNeedThem) {
  EXPECT_EQ(app.count_alerts({}), 0u);
  keep("a", Status::running);
  keep("b", Status::running, true);
  keep("c", Status::compensating, true);
  EXPECT_EQ(app.count_alerts({}), 2u);
}

TEST_F(Operators, KeepEndedSagasForAWhileAndLiveOnesForEver) {
  keep("a", Status::compensated);
  keep("b", Status::running);
  clock.advance(hours{24});
  keep("c", Status::compensated);
  EXPECT_EQ(app.remove_old_sagas({}, hours{24}, 10), 0u);
  clock.advance(hours{1});
  EXPECT_EQ(app.remove_old_sagas({}, hours{24}, 10), 1u);
  EXPECT_THAT(ids(*app.list_sagas({}, std::nullopt, 10, "")), ElementsAre("c", "b"));
  clock.advance(hours{24 * 365});
  EXPECT_EQ(app.remove_old_sagas({}, hours{24}, 10), 1u);
  EXPECT_THAT(ids(*app.list_sagas({}, std::nullopt, 10, "")), ElementsAre("b"));
}

}  // namespace
}  // namespace cosec::tests
