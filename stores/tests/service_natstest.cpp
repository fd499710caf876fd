// The whole service from outside: HTTP in, messages in and out, nothing inside is touched.

#include <gtest/gtest.h>

#include "ordering/orderingpb/messages.pb.h"
#include "stores/storespb/messages.pb.h"
#include "stores/tests/running_stores.hpp"

namespace stores::tests {
namespace {

namespace pb = mallbots::stores::v1;
using mallbots::ordering::v1::OrderCanceled;
using mallbots::ordering::v1::OrderCompleted;

/// The text behind `"name":"` in a JSON answer.
std::string text_of(const RawAnswer& answer, const std::string& name) {
  const auto key = "\"" + name + "\":\"";
  const auto from = answer.body.find(key);
  if (from == std::string::npos) return "no " + name + " in " + answer.body;
  const auto begin = from + key.size();
  return answer.body.substr(begin, answer.body.find('"', begin) - begin);
}

class StoresService : public ::testing::Test {
 protected:
  static RunningStores& stores() {
    static RunningStores running;
    return running;
  }
  static std::string new_id() {
    static pkg::clock::SystemClock clock;
    static pkg::ids::TimeOrderedIds ids(clock);
    return ids.next().to_string();
  }
  const std::string ann = stores().keys.token(new_id(), {"shopper", "owner"});
  const std::string bob = stores().keys.token(new_id(), {"shopper", "owner"});
  const std::string shopper = stores().keys.token(new_id(), {"shopper"});
  const std::string operator_ = stores().keys.token(new_id(), {"operator"});

  std::string open_store() {
    const auto answer = stores().ask("POST", "/api/v1/stores", ann, R"({"name":"North","location":"Hall 1"})");
    EXPECT_EQ(answer.status, 201) << answer.body;
    return text_of(answer, "id");
  }
  RawAnswer add_product(const std::string& store, const std::string& sku, const std::string& stock) {
    return stores().ask(
        "POST", "/api/v1/stores/" + store + "/products", ann,
        R"({"name":"Tea","description":"Green","sku":")" + sku + R"(","price":{"currency":"EUR","minorUnits":250})" + stock + "}");
  }
  RawAnswer product(const std::string& id) { return stores().ask("GET", "/api/v1/products/" + id); }
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
};

TEST_F(StoresService, TellsOfAStoreFromItsOpeningOn) {
  const auto store = open_store();
  const auto created = stores().neighbour.hear<pb::StoreCreated>(store);
  EXPECT_EQ(created.second.name(), "North");
  EXPECT_EQ(created.first.aggregate_version, 1u);
  EXPECT_EQ(created.first.key, store);
  EXPECT_EQ(stores().ask("POST", "/api/v1/stores/" + store + ":enableParticipation", ann, "{}").status, 200);
  EXPECT_EQ(stores().neighbour.hear<pb::StoreParticipationEnabled>(store).first.aggregate_version, 2u);
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
  EXPECT_EQ(text_of(refused, "code"), "not_your_store");
  EXPECT_EQ(stores().ask("POST", path, operator_, R"({"name":"South"})").status, 200);
  EXPECT_EQ(stores().ask("GET", "/api/v1/stores/" + new_id()).status, 404);
  EXPECT_EQ(stores().ask("GET", "/api/v1/stores/nonsense").status, 400);
}

TEST_F(StoresService, SellsProductsAndTellsOfThem) {
  const auto store = open_store();
  const auto added = add_product(store, "T-1", R"(,"stock":10)");
  ASSERT_EQ(added.status, 201) << added.body;
  const auto tea = text_of(added, "id");
  EXPECT_EQ(stores().neighbour.hear<pb::ProductAdded>(tea).second.price().minor_units(), 250);
  const auto taken = add_product(store, "T-1", "");
  EXPECT_EQ(taken.status, 409);
  EXPECT_EQ(text_of(taken, "code"), "sku_taken");
  const auto path = "/api/v1/products/" + tea;
  EXPECT_EQ(stores().ask("POST", path + ":increasePrice", ann, R"({"price":{"currency":"EUR","minorUnits":300}})").status, 200);
  EXPECT_EQ(stores().neighbour.hear<pb::ProductPriceIncreased>(tea).first.aggregate_version, 2u);
  const auto lower = stores().ask("POST", path + ":increasePrice", ann, R"({"price":{"currency":"EUR","minorUnits":200}})");
  EXPECT_EQ(lower.status, 422);
  EXPECT_EQ(text_of(lower, "code"), "price_not_higher");
  const auto restocked = stores().ask("POST", path + ":restock", ann, R"({"quantity":5})");
  EXPECT_EQ(restocked.status, 200) << restocked.body;
  await_stock(tea, 15, 15);
  const auto removed = stores().ask("DELETE", path, ann);
  EXPECT_EQ(removed.status, 200) << removed.body;
  EXPECT_EQ(removed.body, "{}");
  EXPECT_EQ(stores().neighbour.hear<pb::ProductRemoved>(tea).second.store_id(), store);
  EXPECT_EQ(product(tea).status, 404);
  EXPECT_EQ(stores().ask("DELETE", path, ann).status, 409);
}

TEST_F(StoresService, ReservesStockForAnOrderAndCommitsItWhenTheOrderIsCompleted) {
  const auto tea = text_of(add_product(open_store(), "T-1", R"(,"stock":10)"), "id");
  const auto order = new_id();
  const auto command = stores().neighbour.command(reservation(order, tea, 3));
  EXPECT_EQ(stores().neighbour.reply_to(command), "success");
  await_stock(tea, 10, 7);
  const auto greedy = stores().neighbour.command(reservation(new_id(), tea, 8));
  EXPECT_EQ(stores().neighbour.reply_to(greedy), "out_of_stock");
  OrderCompleted completed;
  completed.set_order_id(order);
  for (int i = 0; i < 2; ++i) stores().neighbour.order_event(completed);
  await_stock(tea, 7, 7);
}

TEST_F(StoresService, GivesStockBackWhenTheSagaOrACanceledOrderSaysSo) {
  const auto tea = text_of(add_product(open_store(), "T-1", R"(,"stock":10)"), "id");
  const auto one = new_id();
  const auto two = new_id();
  EXPECT_EQ(stores().neighbour.reply_to(stores().neighbour.command(reservation(one, tea, 3))), "success");
  EXPECT_EQ(stores().neighbour.reply_to(stores().neighbour.command(reservation(two, tea, 4))), "success");
  await_stock(tea, 10, 3);
  pb::ReleaseStock release;
  release.set_order_id(one);
  EXPECT_EQ(stores().neighbour.reply_to(stores().neighbour.command(release)), "success");
  await_stock(tea, 10, 6);
  OrderCanceled canceled;
  canceled.set_order_id(two);
  stores().neighbour.order_event(canceled);
  await_stock(tea, 10, 10);
  const auto late = stores().neighbour.command(reservation(two, tea, 4));
  EXPECT_EQ(stores().neighbour.reply_to(late), "reservation_ended");
}

}  // namespace
}  // namespace stores::tests
