// The whole service from outside: HTTP in, messages in and out, nothing inside is touched.

#include <gtest/gtest.h>

#include "ordering/orderingpb/messages.pb.h"
#include "pkg/agent/testing/neighbour.hpp"
#include "pkg/agent/testing/running_service.hpp"
#include "pkg/testing/wait.hpp"
#include "stores/internal/agent/agent.hpp"
#include "stores/storespb/messages.pb.h"

namespace stores::tests {
namespace {

namespace pb = mallbots::stores::v1;
using mallbots::ordering::v1::OrderCanceled;
using mallbots::ordering::v1::OrderCompleted;

using pkg::agent::testing::HttpAnswer;

const std::string replies = "mallbots.cosec.replies.CreateOrder";

class StoresService : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { running_ = std::make_unique<Running>(); }
  static void TearDownTestSuite() { running_.reset(); }
  static pkg::agent::testing::RunningService& stores() { return running_->service; }
  static pkg::agent::testing::Neighbour& mall() { return running_->mall; }
  static std::string new_id() { return stores().new_id(); }
  const std::string ann = stores().keys.token(new_id(), {"shopper", "owner"});
  const std::string bob = stores().keys.token(new_id(), {"shopper", "owner"});
  const std::string shopper = stores().keys.token(new_id(), {"shopper"});
  const std::string operator_ = stores().keys.token(new_id(), {"operator"});

  std::string open_store() {
    const auto answer = stores().ask("POST", "/api/v1/stores", ann, R"({"name":"North","location":"Hall 1"})");
    EXPECT_EQ(answer.status, 201) << answer.body;
    return answer.text("id");
  }
  HttpAnswer add_product(const std::string& store, const std::string& sku, const std::string& stock) {
    return stores().ask(
        "POST", "/api/v1/stores/" + store + "/products", ann,
        R"({"name":"Tea","description":"Green","sku":")" + sku + R"(","price":{"currency":"EUR","minorUnits":250})" + stock + "}");
  }
  HttpAnswer product(const std::string& id) { return stores().ask("GET", "/api/v1/products/" + id); }
  void await_stock(const std::string& id, int on_hand, int available) {
    const auto stock = "\"stock\":" + std::to_string(on_hand) + ",\"available\":" + std::to_string(available);
    pkg::testing::wait_until([&] { return product(id).body.find(stock) != std::string::npos; }, stock + " of product " + id);
  }
  static pb::ReserveStock reservation(const std::string& order, const std::string& product, int quantity) {
    pb::ReserveStock reserve;
    reserve.set_order_id(order);
    auto& item = *reserve.add_items();
    item.set_product_id(product);
    item.set_quantity(quantity);
    return reserve;
  }
  /// Sends a command of the create-order saga and gives its outcome.
  template <class P>
  static std::string outcome_of(const P& command) {
    return mall().reply_to(mall().send(mall().command("mallbots.stores.commands", command.order_id(), replies, command)));
  }
  template <class P>
  static void tell(const P& event) {
    mall().send(mall().event("mallbots.ordering.events.Order", event.order_id(), 1, event));
  }

 private:
  struct Running {
    pkg::agent::testing::RunningService service{agent::blueprint()};
    pkg::agent::testing::Neighbour mall{service.nats.url(), {"mallbots.stores.events.Store", "mallbots.stores.events.Product", replies}};
  };
  static inline std::unique_ptr<Running> running_;
};

TEST_F(StoresService, TellsOfAStoreFromItsOpeningOn) {
  const auto store = open_store();
  const auto created = mall().hear<pb::StoreCreated>(store);
  EXPECT_EQ(created.second.name(), "North");
  EXPECT_EQ(created.first.aggregate_version, 1u);
  EXPECT_EQ(created.first.key, store);
  EXPECT_EQ(stores().ask("POST", "/api/v1/stores/" + store + ":enableParticipation", ann, "{}").status, 200);
  EXPECT_EQ(mall().hear<pb::StoreParticipationEnabled>(store).first.aggregate_version, 2u);
  const auto shown = stores().ask("GET", "/api/v1/stores/" + store);
  EXPECT_EQ(shown.status, 200);
  EXPECT_NE(shown.body.find("\"participating\":true"), std::string::npos) << shown.body;
  const auto listed = stores().ask("GET", "/api/v1/stores?participating=true&pageSize=100");
  EXPECT_NE(listed.body.find(store), std::string::npos) << listed.body;
}

TEST_F(StoresService, KnowsWhoMayDoWhat) {
  const auto store = open_store();
  const auto path = "/api/v1/stores/" + store + ":rebrand";
  EXPECT_EQ(stores().ask("POST", "/api/v1/stores", {}, R"({"name":"North","location":"Hall 1"})").status, 401);
  EXPECT_EQ(stores().ask("POST", path, shopper, R"({"name":"South"})").status, 403);
  const auto refused = stores().ask("POST", path, bob, R"({"name":"South"})");
  EXPECT_EQ(refused.status, 403);
  EXPECT_EQ(refused.text("code"), "not_your_store");
  EXPECT_EQ(stores().ask("POST", path, operator_, R"({"name":"South"})").status, 200);
  EXPECT_EQ(stores().ask("GET", "/api/v1/stores/" + new_id()).status, 404);
  EXPECT_EQ(stores().ask("GET", "/api/v1/stores/nonsense").status, 400);
}

TEST_F(StoresService, SellsProductsAndTellsOfThem) {
  const auto store = open_store();
  const auto added = add_product(store, "T-1", R"(,"stock":10)");
  ASSERT_EQ(added.status, 201) << added.body;
  const auto tea = added.text("id");
  EXPECT_EQ(mall().hear<pb::ProductAdded>(tea).second.price().minor_units(), 250);
  const auto taken = add_product(store, "T-1", "");
  EXPECT_EQ(taken.status, 409);
  EXPECT_EQ(taken.text("code"), "sku_taken");
  const auto path = "/api/v1/products/" + tea;
  EXPECT_EQ(stores().ask("POST", path + ":increasePrice", ann, R"({"price":{"currency":"EUR","minorUnits":300}})").status, 200);
  EXPECT_EQ(mall().hear<pb::ProductPriceIncreased>(tea).first.aggregate_version, 2u);
  const auto lower = stores().ask("POST", path + ":increasePrice", ann, R"({"price":{"currency":"EUR","minorUnits":200}})");
  EXPECT_EQ(lower.status, 422);
  EXPECT_EQ(lower.text("code"), "price_not_higher");
  const auto restocked = stores().ask("POST", path + ":restock", ann, R"({"quantity":5})");
  EXPECT_EQ(restocked.status, 200) << restocked.body;
  await_stock(tea, 15, 15);
  const auto removed = stores().ask("DELETE", path, ann);
  EXPECT_EQ(removed.status, 200) << removed.body;
  EXPECT_EQ(removed.body, "{}");
  EXPECT_EQ(mall().hear<pb::ProductRemoved>(tea).second.store_id(), store);
  EXPECT_EQ(product(tea).status, 404);
  EXPECT_EQ(stores().ask("DELETE", path, ann).status, 409);
}

TEST_F(StoresService, ReservesStockForAnOrderAndCommitsItWhenTheOrderIsCompleted) {
  const auto tea = add_product(open_store(), "T-1", R"(,"stock":10)").text("id");
  const auto order = new_id();
  EXPECT_EQ(outcome_of(reservation(order, tea, 3)), "success");
  await_stock(tea, 10, 7);
  EXPECT_EQ(outcome_of(reservation(new_id(), tea, 8)), "out_of_stock");
  OrderCompleted completed;
  completed.set_order_id(order);
  for (int i = 0; i < 2; ++i) tell(completed);
  await_stock(tea, 7, 7);
}

TEST_F(StoresService, GivesStockBackWhenTheSagaOrACanceledOrderSaysSo) {
  const auto tea = add_product(open_store(), "T-1", R"(,"stock":10)").text("id");
  const auto one = new_id();
  const auto two = new_id();
  EXPECT_EQ(outcome_of(reservation(one, tea, 3)), "success");
  EXPECT_EQ(outcome_of(reservation(two, tea, 4)), "success");
  await_stock(tea, 10, 3);
  pb::ReleaseStock release;
  release.set_order_id(one);
  EXPECT_EQ(outcome_of(release), "success");
  await_stock(tea, 10, 6);
  OrderCanceled canceled;
  canceled.set_order_id(two);
  tell(canceled);
  await_stock(tea, 10, 10);
  EXPECT_EQ(outcome_of(reservation(two, tea, 4)), "reservation_ended");
}

}  // namespace
}  // namespace stores::tests
