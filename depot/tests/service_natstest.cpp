// The service from outside: HTTP in, messages in and out.

#include <gtest/gtest.h>

#include "depot/depotpb/messages.pb.h"
#include "depot/tests/running_depot.hpp"
#include "ordering/orderingpb/messages.pb.h"
#include "pkg/saga/headers.hpp"
#include "pkg/testing/wait.hpp"

namespace depot::tests {
namespace {

namespace pb = mallbots::depot::v1;

/// Tells of a life of one order against a running service.
class Story {
 public:
  explicit Story(RunningDepot& service) : service_(service), order_(service.new_id().to_string()) {}

  std::string an_operator() const { return service_.token_of(service_.new_id(), {"shopper", "operator"}); }
  std::string a_shopper() const { return service_.token_of(service_.new_id()); }

  void create() {
    pb::CreateShoppingList command;
    command.set_order_id(order_);
    auto& item = *command.add_items();
    item.set_product_id(service_.new_id().to_string());
    item.set_store_id(service_.new_id().to_string());
    item.set_product_name("Tea");
    item.set_store_name("North");
    item.set_quantity(2);
    service_.publish("mallbots.depot.commands", order_, command);
  }
  void initiate() {
    pb::InitiateShopping command;
    command.set_order_id(order_);
    service_.publish("mallbots.depot.commands", order_, command);
  }
  void cancel_order() {
    mallbots::ordering::v1::OrderCanceled event;
    event.set_order_id(order_);
    service_.publish("mallbots.ordering.events.Order", order_, event);
  }
  std::string lists() { return service_.get("/api/v1/shopping-lists?orderId=" + order_, an_operator()).body; }
  std::string status() { return text_of(lists(), "status"); }
  RawAnswer post(const std::string& verb, const std::string& json = "{}") {
    return service_.post("/api/v1/shopping-lists/" + text_of(lists(), "id") + verb, an_operator(), json);
  }
  std::string bots() { return service_.get("/api/v1/bots", an_operator()).body; }
  bool wait_for(const std::string& wanted) {
    return pkg::testing::wait_until([&] { return status() == wanted; }, "the list is " + wanted);
  }

 private:
  RunningDepot& service_;
  std::string order_;
};

TEST(DepotService, PicksAListWithoutAnybodysHelpFromTheFirstStartOn) {
  RunningDepot service;
  Story story(service);
  story.create();
  ASSERT_TRUE(service.await("Reply"));
  EXPECT_EQ(story.status(), "PENDING");
  story.initiate();
  ASSERT_TRUE(service.await("ShoppingListCompleted"));
  EXPECT_EQ(story.status(), "COMPLETED");
  EXPECT_EQ(service.sent("ShoppingListAssigned").size(), 1u);
  EXPECT_EQ(service.sent("ShoppingListCompleted").front().aggregate_version, 4u);
  EXPECT_NE(story.bots().find("bot-3"), std::string::npos) << story.bots();
}

TEST(DepotService, AnswersWhatCallersDoWrongWithAProblemAndItsCode) {
  RunningDepot service(RunningDepot::Settings{{"DEPOT_INITIAL_BOTS", "0"}, {"DEPOT_ROBOTS", "false"}});
  Story story(service);
  const auto expect = [](const RawAnswer& answer, int status, const std::string& code) {
    EXPECT_EQ(answer.status, status) << answer.body;
    EXPECT_EQ(text_of(answer.body, "code"), code) << answer.body;
  };
  expect(service.get("/api/v1/shopping-lists", story.a_shopper()), 403, "role_missing");
  EXPECT_EQ(service.get("/api/v1/shopping-lists", "").status, 401);
  expect(service.get("/api/v1/shopping-lists/" + service.new_id().to_string(), story.an_operator()), 404, "no_such_list");
  expect(service.post("/api/v1/bots", story.an_operator(), R"({"name":" "})"), 422, "bot_name_blank");
  story.create();
  ASSERT_TRUE(service.await("ShoppingListCreated"));
  const auto nobody = R"({"botId":")" + service.new_id().to_string() + "\"}";
  expect(story.post(":assign", nobody), 409, "list_not_available");
  story.initiate();
  ASSERT_TRUE(service.await("ShoppingListInitiated"));
  expect(story.post(":assign", nobody), 422, "no_such_bot");
  expect(story.post(":complete"), 409, "list_not_assigned");
  const auto registered = service.post("/api/v1/bots", story.an_operator(), R"({"name":"Bob"})");
  EXPECT_EQ(registered.status, 201) << registered.body;
  expect(service.post("/api/v1/bots", story.an_operator(), R"({"name":"Bob"})"), 409, "bot_name_taken");
  ASSERT_TRUE(story.wait_for("ASSIGNED"));
  EXPECT_EQ(story.post(":complete").status, 200);
  expect(story.post(":cancel"), 409, "shopping_list_completed");
  EXPECT_EQ(text_of(story.bots(), "status"), "IDLE");
}

TEST(DepotService, FinishesAfterARestartWhatABotHadBegun) {
  RunningDepot service(RunningDepot::Settings{{"DEPOT_PICK_TIME_PER_ITEM", "500ms"}});
  Story story(service);
  story.create();
  story.initiate();
  ASSERT_TRUE(service.await("ShoppingListAssigned"));
  service.stop();
  service.start();
  EXPECT_TRUE(service.await("ShoppingListCompleted"));
  EXPECT_EQ(service.sent("ShoppingListAssigned").size(), 1u);
}

TEST(DepotService, StopsPickingForACanceledOrder) {
  RunningDepot service(RunningDepot::Settings{{"DEPOT_PICK_TIME_PER_ITEM", "1h"}, {"DEPOT_INITIAL_BOTS", "1"}});
  Story story(service);
  story.create();
  story.initiate();
  ASSERT_TRUE(service.await("ShoppingListAssigned"));
  EXPECT_EQ(text_of(story.bots(), "status"), "ACTIVE");
  story.cancel_order();
  ASSERT_TRUE(service.await("ShoppingListCanceled"));
  EXPECT_EQ(story.status(), "CANCELED");
  EXPECT_EQ(text_of(story.bots(), "status"), "IDLE");
}

}  // namespace
}  // namespace depot::tests
