// The real baskets service from outside: calls over HTTP, messages over NATS, everything in PostgreSQL.

#include <gtest/gtest.h>

#include "baskets/basketspb/messages.pb.h"
#include "baskets/internal/agent/agent.hpp"
#include "pkg/agent/testing/neighbour.hpp"
#include "pkg/agent/testing/running_service.hpp"
#include "pkg/testing/wait.hpp"
#include "stores/storespb/messages.pb.h"

namespace baskets::tests {
namespace {

namespace pb = mallbots::baskets::v1;
using pkg::agent::testing::HttpAnswer;
using pkg::testing::wait_until;

const std::string ann = pkg::ids::CountingIds::nth(1).to_string();
const std::string bob = pkg::ids::CountingIds::nth(2).to_string();
const std::string tea = pkg::ids::CountingIds::nth(11).to_string();
const std::string north = pkg::ids::CountingIds::nth(21).to_string();
const std::string card = pkg::ids::CountingIds::nth(31).to_string();
const std::string store_channel = "mallbots.stores.events.Store";
const std::string product_channel = "mallbots.stores.events.Product";

class BasketsService : public ::testing::Test {
 protected:
  pkg::agent::testing::RunningService service{agent::blueprint(), {{"STORES_GRPC_ADDRESS", "127.0.0.1:1"}}};
  pkg::agent::testing::Neighbour stores{service.nats.url(), {"mallbots.baskets.events.Basket"}};
  const std::string anns = service.keys.token(ann, {"shopper"});
  const std::string bobs = service.keys.token(bob, {"shopper"});

  void tell_of_tea(std::int64_t cents, std::uint64_t version = 1) {
    mallbots::stores::v1::StoreCreated store;
    store.set_store_id(north);
    store.set_name("North");
    stores.send(stores.event(store_channel, north, 1, store));
    mallbots::stores::v1::StoreParticipationEnabled open;
    open.set_store_id(north);
    stores.send(stores.event(store_channel, north, 2, open));
    mallbots::stores::v1::ProductAdded product;
    product.set_product_id(tea);
    product.set_store_id(north);
    product.set_name("Tea");
    product.mutable_price()->set_currency("EUR");
    product.mutable_price()->set_minor_units(cents);
    stores.send(stores.event(product_channel, tea, version, product));
  }
  void change_price(std::int64_t cents, std::uint64_t version) {
    mallbots::stores::v1::ProductPriceIncreased event;
    event.set_product_id(tea);
    event.mutable_price()->set_currency("EUR");
    event.mutable_price()->set_minor_units(cents);
    stores.send(stores.event(product_channel, tea, version, event));
  }
  std::string start() {
    const auto started = service.ask("POST", "/api/v1/baskets", anns, "{}");
    EXPECT_EQ(started.status, 201) << started.body;
    return started.text("id");
  }
  HttpAnswer add(const std::string& basket, const std::string& token, int quantity) {
    return service.ask("POST", "/api/v1/baskets/" + basket + "/items", token,
                       R"({"productId":")" + tea + R"(","quantity":)" + std::to_string(quantity) + "}");
  }
  HttpAnswer check_out(const std::string& basket, const std::string& token) {
    return service.ask("POST", "/api/v1/baskets/" + basket + ":checkout", token, R"({"paymentId":")" + card + "\"}");
  }
  /// Waits until the service has heard of tea's new price; looks with a basket of its own.
  void await_price(std::int64_t cents) {
    const auto probe = start();
    const auto shown = "\"minorUnits\":" + std::to_string(cents);
    wait_until([&] { return add(probe, anns, 1).body.find(shown + "}") != std::string::npos; }, "tea to cost " + std::to_string(cents));
  }
  /// A basket with tea in it, once the service has heard of tea.
  std::string start_with_tea(int quantity = 2) {
    tell_of_tea(250);
    const auto basket = start();
    wait_until([&] { return add(basket, anns, quantity).status == 200; }, "tea in the basket");
    return basket;
  }
};

TEST_F(BasketsService, TakesABasketFromItsStartToItsCheckoutAndTellsTheOthers) {
  const auto basket = start_with_tea();
  const auto done = check_out(basket, anns);
  ASSERT_EQ(done.status, 200) << done.body;
  EXPECT_EQ(done.text("orderId"), basket);

  const auto [message, event] = stores.hear<pb::BasketCheckedOut>(basket);
  EXPECT_EQ(message.aggregate_version, 3u);
  EXPECT_EQ(event.user_id(), ann);
  EXPECT_EQ(event.payment_id(), card);
  ASSERT_EQ(event.items_size(), 1);
  EXPECT_EQ(event.items(0).quantity(), 2);
  EXPECT_EQ(event.total().minor_units(), 500);

  const auto seen = service.ask("GET", "/api/v1/baskets/" + basket, anns);
  EXPECT_EQ(seen.text("status"), "CHECKED_OUT") << seen.body;
  EXPECT_EQ(seen.headers.at("etag"), "\"3\"");
}

TEST_F(BasketsService, AnswersEachRejectionWithItsStatusAndCode) {
  const auto basket = start();
  EXPECT_EQ(check_out(basket, anns).text("code"), "basket_empty");
  tell_of_tea(250);
  wait_until([&] { return add(basket, anns, 1).status == 200; }, "tea in the basket");
  const auto path = "/api/v1/baskets/" + basket;
  const auto unknown = "/api/v1/baskets/" + pkg::ids::CountingIds::nth(99).to_string();

  struct Case {
    HttpAnswer answer;
    int status;
    const char* code;
  };
  for (const auto& [answer, status, code] : {
           Case{service.ask("GET", unknown, anns), 404, "no_such_basket"},
           Case{service.ask("GET", path, bobs), 403, "not_your_basket"},
           Case{add(basket, bobs, 1), 403, "not_your_basket"},
           Case{add(basket, anns, 0), 422, "quantity_out_of_range"},
           Case{add(basket, anns, 999), 422, "quantity_out_of_range"},
           Case{service.ask("DELETE", path + "/items/" + north, anns), 404, "item_not_in_basket"},
           Case{service.ask("DELETE", path + "/items/" + tea + "?quantity=5", anns), 422, "quantity_out_of_range"},
           Case{service.ask("POST", path + ":checkout", anns, "{\"paymentId\":\"\"}"), 422, "payment_required"},
           Case{service.ask("POST", path + ":checkout", anns, "{\"paymentId\":\"card\"}"), 400, "malformed_id"},
           Case{service.ask("GET", "/api/v1/baskets/basket", anns), 400, "malformed_id"},
           Case{service.ask("GET", path), 401, "not_signed_in"},
           Case{service.ask("POST", path + ":cancel", anns, "{}", "If-Match: \"1\"\r\n"), 412, "stale_version"},
       }) {
    EXPECT_EQ(answer.status, status) << answer.body;
    EXPECT_EQ(answer.text("code"), code) << answer.body;
  }
  ASSERT_EQ(service.ask("POST", path + ":cancel", anns, "{}").status, 200);
  EXPECT_EQ(add(basket, anns, 1).status, 409);
  EXPECT_EQ(add(basket, anns, 1).text("code"), "basket_not_open");
}

TEST_F(BasketsService, RefusesACheckoutAtAChangedPriceUntilItIsRepriced) {
  const auto basket = start_with_tea();
  change_price(275, 2);
  await_price(275);
  const auto refused = check_out(basket, anns);
  EXPECT_EQ(refused.text("code"), "price_changed");
  EXPECT_NE(refused.body.find("EUR 275"), std::string::npos) << refused.body;
  ASSERT_EQ(service.ask("POST", "/api/v1/baskets/" + basket + ":reprice", anns, "{}").status, 200);
  EXPECT_EQ(check_out(basket, anns).status, 200);
}

TEST_F(BasketsService, ADoubledOrLatePriceChangesNothing) {
  const auto basket = start_with_tea();
  change_price(300, 3);
  await_price(300);
  change_price(275, 2);
  change_price(300, 3);
  ASSERT_EQ(service.ask("POST", "/api/v1/baskets/" + basket + ":reprice", anns, "{}").status, 200);
  EXPECT_EQ(check_out(basket, anns).status, 200);
  EXPECT_EQ(stores.hear<pb::BasketCheckedOut>(basket).second.total().minor_units(), 600);
}

TEST_F(BasketsService, SaysTryAgainWhereAProductIsUnknownAndStoresIsAway) {
  const auto basket = start();
  const auto answer = add(basket, anns, 1);
  EXPECT_EQ(answer.status, 503) << answer.body;
}

TEST_F(BasketsService, ServesItsDocumentationAndItsProbes) {
  EXPECT_EQ(service.ask("GET", "/liveness").status, 200);
  EXPECT_NE(service.ask("GET", "/openapi.json").body.find("/api/v1/baskets/{id}:checkout"), std::string::npos);
  EXPECT_EQ(service.ask("GET", "/swagger/").status, 200);
  EXPECT_NE(service.ask("GET", "/metrics").body.find("process_resident_memory_bytes"), std::string::npos);
}

}  // namespace
}  // namespace baskets::tests
