// The service from outside: HTTP in, messages in and out.

#include <gtest/gtest.h>

#include "depot/depotpb/messages.pb.h"
#include "depot/internal/agent/agent.hpp"
#include "ordering/orderingpb/messages.pb.h"
#include "pkg/agent/testing/neighbour.hpp"
#include "pkg/agent/testing/running_service.hpp"
#include "pkg/testing/wait.hpp"

namespace depot::tests {
namespace {

namespace pb = mallbots::depot::v1;

using pkg::agent::testing::HttpAnswer;
using Settings = pkg::agent::testing::RunningService::Settings;

const std::string replies = "mallbots.cosec.replies.CreateOrder";

/// The service, and the others around it.
struct World {
  explicit World(Settings settings = {}) : service(agent::blueprint(), std::move(settings)) {}
  /// The token of somebody else each time.
  std::string somebody(std::vector<std::string> roles = {"shopper"}) { return service.keys.token(service.new_id(), std::move(roles)); }

  pkg::agent::testing::RunningService service;
  pkg::agent::testing::Neighbour mall{service.nats.url(), {"mallbots.depot.events.ShoppingList", replies}};
};

/// Tells of a life of one order against a running service.
class Story {
 public:
  explicit Story(World& world) : world_(world), order_(world.service.new_id()) {}

  std::string an_operator() const { return world_.somebody({"shopper", "operator"}); }
  std::string a_shopper() const { return world_.somebody(); }

  void create() {
    pb::CreateShoppingList command;
    command.set_order_id(order_);
    auto& item = *command.add_items();
    item.set_product_id(world_.service.new_id());
    item.set_store_id(world_.service.new_id());
    item.set_product_name("Tea");
    item.set_store_name("North");
    item.set_quantity(2);
    world_.mall.send(world_.mall.command("mallbots.depot.commands", order_, replies, command));
  }
  void initiate() {
    pb::InitiateShopping command;
    command.set_order_id(order_);
    world_.mall.send(world_.mall.command("mallbots.depot.commands", order_, replies, command));
  }
  void cancel_order() {
    mallbots::ordering::v1::OrderCanceled event;
    event.set_order_id(order_);
    world_.mall.send(world_.mall.event("mallbots.ordering.events.Order", order_, 1, event));
  }
  HttpAnswer lists() { return world_.service.get("/api/v1/shopping-lists?orderId=" + order_, an_operator()); }
  std::string status() { return lists().text("status"); }
  HttpAnswer post(const std::string& verb, const std::string& json = "{}") {
    return world_.service.post("/api/v1/shopping-lists/" + lists().text("id") + verb, an_operator(), json);
  }
  HttpAnswer bots() { return world_.service.get("/api/v1/bots", an_operator()); }
  bool wait_for(const std::string& wanted) {
    return pkg::testing::wait_until([&] { return status() == wanted; }, "the list is " + wanted);
  }

 private:
  World& world_;
  std::string order_;
};

TEST(DepotService, PicksAListWithoutAnybodysHelpFromTheFirstStartOn) {
  World world;
  Story story(world);
  story.create();
  ASSERT_TRUE(world.mall.await("Reply"));
  EXPECT_EQ(story.status(), "PENDING");
  story.initiate();
  ASSERT_TRUE(world.mall.await("ShoppingListCompleted"));
  EXPECT_EQ(story.status(), "COMPLETED");
  EXPECT_EQ(world.mall.heard("ShoppingListAssigned").size(), 1u);
  EXPECT_EQ(world.mall.heard("ShoppingListCompleted").front().aggregate_version, 4u);
  EXPECT_NE(story.bots().body.find("bot-3"), std::string::npos) << story.bots().body;
}

TEST(DepotService, AnswersWhatCallersDoWrongWithAProblemAndItsCode) {
  World world(Settings{{"DEPOT_INITIAL_BOTS", "0"}, {"DEPOT_ROBOTS", "false"}});
  Story story(world);
  const auto expect = [](const HttpAnswer& answer, int status, const std::string& code) {
    EXPECT_EQ(answer.status, status) << answer.body;
    EXPECT_EQ(answer.text("code"), code) << answer.body;
  };
  expect(world.service.get("/api/v1/shopping-lists", story.a_shopper()), 403, "role_missing");
  EXPECT_EQ(world.service.get("/api/v1/shopping-lists", "").status, 401);
  expect(world.service.get("/api/v1/shopping-lists/" + world.service.new_id(), story.an_operator()), 404, "no_such_list");
  expect(world.service.post("/api/v1/bots", story.an_operator(), R"({"name":" "})"), 422, "bot_name_blank");
  story.create();
  ASSERT_TRUE(world.mall.await("ShoppingListCreated"));
  const auto nobody = R"({"botId":")" + world.service.new_id() + "\"}";
  expect(story.post(":assign", nobody), 409, "list_not_available");
  story.initiate();
  ASSERT_TRUE(world.mall.await("ShoppingListInitiated"));
  expect(story.post(":assign", nobody), 422, "no_such_bot");
  expect(story.post(":complete"), 409, "list_not_assigned");
  const auto registered = world.service.post("/api/v1/bots", story.an_operator(), R"({"name":"Bob"})");
  EXPECT_EQ(registered.status, 201) << registered.body;
  expect(world.service.post("/api/v1/bots", story.an_operator(), R"({"name":"Bob"})"), 409, "bot_name_taken");
  ASSERT_TRUE(story.wait_for("ASSIGNED"));
  EXPECT_EQ(story.post(":complete").status, 200);
  expect(story.post(":cancel"), 409, "shopping_list_completed");
  EXPECT_EQ(story.bots().text("status"), "IDLE");
}

TEST(DepotService, FinishesAfterARestartWhatABotHadBegun) {
  World world(Settings{{"DEPOT_PICK_TIME_PER_ITEM", "500ms"}});
  Story story(world);
  story.create();
  story.initiate();
  ASSERT_TRUE(world.mall.await("ShoppingListAssigned"));
  world.service.stop();
  world.service.start();
  EXPECT_TRUE(world.mall.await("ShoppingListCompleted"));
  EXPECT_EQ(world.mall.heard("ShoppingListAssigned").size(), 1u);
}

TEST(DepotService, StopsPickingForACanceledOrder) {
  World world(Settings{{"DEPOT_PICK_TIME_PER_ITEM", "1h"}, {"DEPOT_INITIAL_BOTS", "1"}});
  Story story(world);
  story.create();
  story.initiate();
  ASSERT_TRUE(world.mall.await("ShoppingListAssigned"));
  EXPECT_EQ(story.bots().text("status"), "ACTIVE");
  story.cancel_order();
  ASSERT_TRUE(world.mall.await("ShoppingListCanceled"));
  EXPECT_EQ(story.status(), "CANCELED");
  EXPECT_EQ(story.bots().text("status"), "IDLE");
}

}  // namespace
}  // namespace depot::tests
