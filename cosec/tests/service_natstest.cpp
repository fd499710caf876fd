// What the running cosec service does: whole sagas, time-outs, restarts, and what operators see of them.

#include "cosec/tests/running_cosec.hpp"

namespace cosec::tests {
namespace {

TEST_F(Cosec, TakesAnOrderThroughAllStepsToItsApproval) {
  create(order);
  EXPECT_EQ(accept<AuthorizeUser>().user_id(), id(2));
  EXPECT_EQ(accept<ReserveStock>().items(0).quantity(), 2);
  accept_list();
  EXPECT_EQ(accept<ConfirmPayment>().total().minor_units(), 500);
  accept<InitiateShopping>();
  EXPECT_EQ(accept<ApproveOrder>().shopping_list_id(), list);
  await(pb::Saga::COMPLETED);
  EXPECT_EQ(mall.count<RejectOrder>(order), 0u);
}

TEST_F(Cosec, UndoesAnOrderInReverseWhereAStepIsRefused) {
  create(order);
  accept<AuthorizeUser>();
  accept<ReserveStock>();
  accept_list();
  refuse<ConfirmPayment>("payment_too_small");
  accept<CancelShoppingList>();
  accept<ReleaseStock>();
  const auto [message, reject] = mall.hear<RejectOrder>(order);
  EXPECT_EQ(reject.code(), "payment_too_small");
  mall.send(mall.success(message));
  await(pb::Saga::COMPENSATED);
  EXPECT_EQ(saga().failure_code(), "payment_too_small");
  EXPECT_EQ(mall.count<ReleasePayment>(order), 0u) << "nothing was confirmed";
}

TEST_F(Cosec, UndoesAnOrderThatIsCanceledMeanwhileWithoutRejectingIt) {
  create(order);
  accept<AuthorizeUser>();
  const auto reserve = mall.hear<ReserveStock>(order).first;
  cancel(order);
  await(pb::Saga::CANCELING);
  mall.send(mall.success(reserve));
  accept<ReleaseStock>();
  await(pb::Saga::CANCELED);
  EXPECT_EQ(mall.count<CreateShoppingList>(order) + mall.count<RejectOrder>(order), 0u);
}

TEST_F(Cosec, StartsNothingForAnOrderThatWasCanceledBefore) {
  cancel(order);
  create(order);
  create(id(6));
  accept<AuthorizeUser>(id(6));  // behind the other one, so that one was handled too
  await(pb::Saga::CANCELED);
  EXPECT_EQ(mall.count<AuthorizeUser>(order), 0u);
}

TEST_F(Cosec, IsNotMovedByADoubledReplyOrOneToSomethingElse) {
  create(order);
  const auto authorize = mall.hear<AuthorizeUser>(order).first;
  auto foreign = mall.success(authorize);
  foreign.headers["saga-command-id"] = id(99);
  mall.send(foreign);
  mall.send(mall.success(authorize));
  mall.send(mall.failure(authorize, "late"));
  mall.hear<ReserveStock>(order);
  wait_until([&] { return saga().history_size() == 6; }, "both replies to be noted");
  EXPECT_EQ(saga().status(), pb::Saga::RUNNING);
  EXPECT_EQ(saga().step(), "reserve_stock");
  EXPECT_EQ(mall.count<ReserveStock>(order), 1u);
}

TEST_F(Cosec, GoesOnAfterARestartWithWhatWasAnsweredMeanwhile) {
  create(order);
  accept<AuthorizeUser>();
  const auto reserve = mall.hear<ReserveStock>(order).first;
  service.stop();
  mall.send(mall.success(reserve));
  service.start();
  accept_list();
  accept<ConfirmPayment>();
  accept<InitiateShopping>();
  accept<ApproveOrder>();
  await(pb::Saga::COMPLETED);
  EXPECT_EQ(mall.count<ReserveStock>(order), 1u);
}

TEST_F(Cosec, ShowsOperatorsWhatIsDoneWhatComesNextAndWhatWouldBeUndone) {
  create(order);
  accept<AuthorizeUser>();
  accept<ReserveStock>();
  mall.hear<CreateShoppingList>(order);
  await(pb::Saga::RUNNING);
  const auto told = [](const pb::Saga& saga) {
    Strings all;
    for (const auto& step : saga.steps()) all.push_back(step.name() + " " + pb::SagaStep::State_Name(step.state()));
    return all;
  };
  auto seen = saga();
  EXPECT_EQ(told(seen), (Strings{"order DONE", "authorize_user DONE", "reserve_stock DONE", "create_shopping_list UNDER_WAY",
                                 "confirm_payment TO_DO", "initiate_shopping TO_DO", "approve_order TO_DO"}));
  EXPECT_EQ(seen.step(), "create_shopping_list");
  EXPECT_EQ(Strings(seen.next().begin(), seen.next().end()), (Strings{"confirm_payment", "initiate_shopping", "approve_order"}));
  EXPECT_EQ(Strings(seen.would_undo().begin(), seen.would_undo().end()), (Strings{"create_shopping_list", "reserve_stock", "order"}));
  Strings history;
  for (const auto& entry : seen.history()) history.push_back(entry.step() + " " + entry.what());
  EXPECT_EQ(history, (Strings{" started", "authorize_user forward sent", "authorize_user forward succeeded", "reserve_stock forward sent",
                              "reserve_stock forward succeeded", "create_shopping_list forward sent"}));

  refuse<CreateShoppingList>("no_bots");
  await(pb::Saga::COMPENSATING);
  seen = saga();
  EXPECT_EQ(told(seen), (Strings{"order TO_UNDO", "authorize_user DONE", "reserve_stock TO_UNDO", "create_shopping_list FAILED",
                                 "confirm_payment TO_DO", "initiate_shopping TO_DO", "approve_order TO_DO"}));
  EXPECT_EQ(seen.next_size(), 0);
}

TEST_F(Cosec, ListsSagasByStatusPageByPageForOperatorsOnly) {
  create(order);
  create(id(6));
  create(id(7));
  refuse<AuthorizeUser>("user_disabled", id(6));
  accept<RejectOrder>(id(6));
  await(pb::Saga::COMPENSATED, id(6));
  mall.hear<AuthorizeUser>(order);
  mall.hear<AuthorizeUser>(id(7));
  EXPECT_EQ(listed(""), (Strings{id(7), id(6), order}));
  EXPECT_EQ(listed("?status=RUNNING"), (Strings{id(7), order}));
  EXPECT_EQ(listed("?status=COMPENSATED"), (Strings{id(6)}));
  EXPECT_EQ(listed("?pageSize=2"), (Strings{id(7), id(6)}));
  EXPECT_EQ(listed("?pageSize=2&pageToken=" + next_page), (Strings{order}));
  EXPECT_EQ(next_page, "");

  const auto shopper = service.keys.token(id(2), {"shopper", "owner", "picker"});
  struct Case {
    std::string path;
    std::string token;
    int status;
    const char* code;
  };
  for (const auto& [path, token, status, code] : {
           Case{"", "", 401, "not_signed_in"},
           Case{"", shopper, 403, "role_missing"},
           Case{"/" + order, "", 401, "not_signed_in"},
           Case{"/" + order, shopper, 403, "role_missing"},
           Case{"/" + id(99), operators, 404, "no_such_saga"},
           Case{"/saga", operators, 400, "malformed_id"},
           Case{"?pageToken=" + order, operators, 400, "malformed_page_token"},
           Case{"?status=99", operators, 400, "unknown_value"},
       }) {
    const auto answer = service.get("/api/v1/sagas" + path, token);
    EXPECT_EQ(answer.status, status) << path << answer.body;
    EXPECT_EQ(answer.text("code"), code) << path;
  }
}

class ImpatientCosec : public Cosec {
 protected:
  ImpatientCosec()
      : Cosec({{"COSEC_STEP_WAIT", "500ms"},
               {"COSEC_STEP_WAIT_MOST", "500ms"},
               {"COSEC_STEP_TRIES", "3"},
               {"COSEC_COMPENSATION_WAIT", "50ms"},
               {"COSEC_COMPENSATION_WAIT_MOST", "100ms"},
               {"COSEC_ALERT_AFTER", "3"},
               {"COSEC_HOUSEKEEPING_INTERVAL", "100ms"}}) {}
  /// How often the service has sent this very message; the event server stores a message that is sent again once.
  std::string times_sent(const Message& command) const {
    return service.database.sql("select count(*) from outbox where position(convert_to('" + command.id +
                                "', 'UTF8') in message || coalesce(more, '')) > 0");
  }
};

TEST_F(ImpatientCosec, SendsTheSameMessageAgainWhereNobodyAnswersAndUndoesTheOrderAfterAllTries) {
  create(order);
  accept<AuthorizeUser>();
  const auto reserve = mall.hear<ReserveStock>(order).first;
  accept<ReleaseStock>();
  EXPECT_EQ(times_sent(reserve), "3");
  EXPECT_EQ(accept<RejectOrder>().code(), "no_reply");
  await(pb::Saga::COMPENSATED);
  mall.send(mall.success(reserve));
  const auto last_word = [&] {
    const auto seen = saga();
    return seen.history(seen.history_size() - 1).what();
  };
  wait_until([&] { return last_word() == "reply_ignored"; }, "the late reply to be noted");
  EXPECT_EQ(saga().status(), pb::Saga::COMPENSATED);
}

TEST_F(ImpatientCosec, SaysOfAStepThatNobodyAnsweredAndNothingUndoesThatItIsUnanswered) {
  create(order);
  accept<RejectOrder>();
  await(pb::Saga::COMPENSATED);
  EXPECT_EQ(saga().steps(1).state(), pb::SagaStep::UNANSWERED);
}

TEST_F(ImpatientCosec, TriesACompensationForEverAndCallsForSomebodyToLook) {
  create(order);
  accept<AuthorizeUser>();
  refuse<ReserveStock>("out_of_stock");
  const auto reject = mall.hear<RejectOrder>(order).first;
  wait_until([&] { return saga().alert(); }, "the saga's alert");
  EXPECT_TRUE(has_logged("a saga makes no progress; somebody should look"));
  wait_until([&] { return metrics_say("mallbots_sagas_alerted{service=\"cosec\"} 1"); }, "the alert to be counted");
  EXPECT_TRUE(metrics_say("mallbots_saga_alerts_total{service=\"cosec\"} 1"));
  wait_until([&] { return std::stoi(times_sent(reject)) > 8; }, "the compensation to be sent again");
  service.stop();
  service.start();
  wait_until([&] { return metrics_say("mallbots_sagas_alerted{service=\"cosec\"} 1"); }, "the alert to be counted after a restart");
  mall.send(mall.success(reject));
  await(pb::Saga::COMPENSATED);
  EXPECT_FALSE(saga().alert());
  wait_until([&] { return metrics_say("mallbots_sagas_alerted{service=\"cosec\"} 0"); }, "the alert to be gone");
}

class ForgetfulCosec : public Cosec {
 protected:
  ForgetfulCosec() : Cosec({{"COSEC_SAGAS_KEPT", "1s"}, {"COSEC_HOUSEKEEPING_INTERVAL", "50ms"}}) {}
};

TEST_F(ForgetfulCosec, RemovesSagasThatEndedLongAgoWithTheirHistoriesAndKeepsTheOthers) {
  create(id(6));
  mall.hear<AuthorizeUser>(id(6));
  create(order);
  refuse<AuthorizeUser>("user_disabled");
  accept<RejectOrder>();
  wait_until([&] { return service.database.sql("select count(*) from sagas where status = 'compensated'") == "1"; }, "the saga's end");
  wait_until([&] { return service.get("/api/v1/sagas/" + order, operators).status == 404; }, "the saga to be removed");
  EXPECT_EQ(service.database.sql("select count(*) from saga_history where saga_id = '" + order + "'"), "0");
  EXPECT_EQ(saga(id(6)).status(), pb::Saga::RUNNING);
  EXPECT_EQ(saga(id(6)).history_size(), 2);
}

// A wait that is longer than the longest one must not keep the service from starting.
TEST(CosecSettings, AFirstWaitAboveTheLongestOneIsTheLongestOne) {
  const pkg::agent::testing::RunningService service(agent::blueprint(), {{"COSEC_STEP_WAIT", "5m"}, {"COSEC_COMPENSATION_WAIT", "5m"}});
  EXPECT_EQ(service.get("/readiness").status, 200);
}

}  // namespace
}  // namespace cosec::tests
