// The whole service from outside: messages and HTTP in, nothing inside is touched.

#include <gtest/gtest.h>

#include "ordering/orderingpb/messages.pb.h"
#include "pkg/agent/testing/neighbour.hpp"
#include "pkg/agent/testing/running_service.hpp"
#include "pkg/testing/wait.hpp"
#include "search/internal/agent/agent.hpp"
#include "search/searchpb/api.pb.h"
#include "stores/storespb/messages.pb.h"
#include "users/userspb/messages.pb.h"

namespace search::tests {
namespace {

namespace pb = mallbots::search::v1;
namespace ordering = mallbots::ordering::v1;
namespace stores = mallbots::stores::v1;

class SearchService : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { running_ = std::make_unique<Running>(); }
  static void TearDownTestSuite() { running_.reset(); }
  static auto get(const std::string& path, const std::string& token = {}) { return running_->service.get("/api/v1/search" + path, token); }
  static std::string new_id() { return running_->service.new_id(); }
  static std::string token(const std::string& subject, std::vector<std::string> roles) {
    return running_->service.keys.token(subject, std::move(roles));
  }
  /// Sends an event as another service does.
  template <class P>
  static void tell(const std::string& channel, const std::string& aggregate, std::uint64_t version, const P& event) {
    running_->mall.send(running_->mall.event(channel, aggregate, version, event));
  }

  std::string open_store(const std::string& name) {
    const auto store = new_id();
    stores::StoreCreated created;
    created.set_store_id(store);
    created.set_name(name);
    stores::StoreParticipationEnabled enabled;
    enabled.set_store_id(store);
    tell("mallbots.stores.events.Store", store, 1, created);
    tell("mallbots.stores.events.Store", store, 2, enabled);
    return store;
  }
  std::string add_product(const std::string& store, const std::string& name, int cents) {
    const auto product = new_id();
    stores::ProductAdded added;
    added.set_product_id(product);
    added.set_store_id(store);
    added.set_name(name);
    added.set_sku("S-" + product);
    added.mutable_price()->set_currency("EUR");
    added.mutable_price()->set_minor_units(cents);
    tell("mallbots.stores.events.Product", product, 1, added);
    return product;
  }
  std::string order(const std::string& user, const std::string& store, const std::string& product) {
    const auto id = new_id();
    ordering::OrderCreated created;
    created.set_order_id(id);
    created.set_user_id(user);
    auto& item = *created.add_items();
    item.set_product_id(product);
    item.set_store_id(store);
    item.set_product_name("Lamp");
    item.set_store_name("Lights");
    item.mutable_price()->set_currency("EUR");
    item.mutable_price()->set_minor_units(4000);
    item.set_quantity(1);
    *created.mutable_total() = item.price();
    created.mutable_created_at()->set_seconds(1'700'000'000);
    tell("mallbots.ordering.events.Order", id, 1, created);
    return id;
  }
  pb::SearchProductsResponse products(const std::string& query) { return get("/products?" + query).as<pb::SearchProductsResponse>(); }
  void await_products(const std::string& query, int count) {
    pkg::testing::wait_until([&] { return products(query).products_size() == count; }, std::to_string(count) + " found by " + query);
  }
  void expect_problem(const std::string& path, const std::string& token, int status, const std::string& code) {
    const auto answer = get(path, token);
    EXPECT_EQ(answer.status, status) << path << ": " << answer.body;
    EXPECT_EQ(answer.text("code"), code) << path << ": " << answer.body;
  }

 private:
  struct Running {
    pkg::agent::testing::RunningService service{agent::blueprint()};
    pkg::agent::testing::Neighbour mall{service.nats.url(), {}};
  };
  static inline std::unique_ptr<Running> running_;
};

TEST_F(SearchService, AnybodyFindsWhatAStoreAddedEvenWithATypingErrorUntilItIsRemoved) {
  const auto store = open_store("Furniture");
  const auto chair = add_product(store, "Wooden rocking chair", 9900);
  add_product(store, "Rocking horse", 4900);
  await_products("storeId=" + store, 2);
  const auto found = products("q=roking%20chair&storeId=" + store);
  ASSERT_EQ(found.products_size(), 1);
  EXPECT_EQ(found.products(0).id(), chair);
  EXPECT_EQ(found.products(0).store_name(), "Furniture");
  EXPECT_EQ(found.products(0).price().minor_units(), 9900);
  stores::ProductRemoved removed;
  removed.set_product_id(chair);
  removed.set_store_id(store);
  tell("mallbots.stores.events.Product", chair, 2, removed);
  await_products("storeId=" + store, 1);
  stores::StoreParticipationDisabled disabled;
  disabled.set_store_id(store);
  tell("mallbots.stores.events.Store", store, 3, disabled);
  await_products("storeId=" + store, 0);
}

TEST_F(SearchService, ProductsAreSortedAndComeInPages) {
  const auto store = open_store("Books");
  for (const int price : {300, 100, 200}) add_product(store, "Book for " + std::to_string(price), price);
  const auto query = "storeId=" + store + "&sort=PRICE&minPrice=100&maxPrice=300&currency=EUR&pageSize=2";
  await_products("storeId=" + store, 3);
  const auto first = products(query);
  ASSERT_EQ(first.products_size(), 2);
  EXPECT_EQ(first.products(0).price().minor_units(), 100);
  const auto second = products(query + "&pageToken=" + first.next_page_token());
  ASSERT_EQ(second.products_size(), 1);
  EXPECT_EQ(second.products(0).price().minor_units(), 300);
  EXPECT_EQ(second.next_page_token(), "");
}

TEST_F(SearchService, AnOrderIsFoundByItsShopperAndByOperatorsWithItsPresentStatus) {
  const auto ann_id = new_id();
  const auto ann = token(ann_id, {"shopper"});
  const auto bob = token(new_id(), {"shopper"});
  const auto boss = token(new_id(), {"shopper", "operator"});
  mallbots::users::v1::UserRegistered registered;
  registered.set_user_id(ann_id);
  registered.set_username("ann");
  tell("mallbots.users.events.User", ann_id, 1, registered);
  const auto store = new_id();
  const auto product = new_id();
  const auto id = order(ann_id, store, product);
  ordering::OrderApproved approved;
  approved.set_order_id(id);
  approved.set_user_id(ann_id);
  tell("mallbots.ordering.events.Order", id, 2, approved);
  const auto orders = [this](const std::string& query, const std::string& token) {
    return get("/orders?" + query, token).as<pb::SearchOrdersResponse>();
  };
  pkg::testing::wait_until([&] { return orders("status=APPROVED", ann).orders_size() == 1; }, "ann's approved order");
  pkg::testing::wait_until([&] { return get("/orders/" + id, ann).as<pb::FoundOrder>().username() == "ann"; }, "ann's name");
  const auto filter = "storeIds=" + store + "&storeIds=" + new_id() + "&productIds=" + product +
                      "&after=2023-11-14T00:00:00Z&before=2023-11-15T00:00:00Z&minTotal=4000&maxTotal=4000";
  EXPECT_EQ(orders(filter, ann).orders_size(), 1);
  EXPECT_EQ(orders(filter + "&userId=" + ann_id, bob).orders_size(), 0);
  EXPECT_EQ(orders(filter + "&userId=" + ann_id, boss).orders_size(), 1);
  EXPECT_EQ(orders("status=PENDING", ann).orders_size(), 0);
  EXPECT_EQ(get("/orders/" + id, boss).as<pb::FoundOrder>().status(), "APPROVED");
  expect_problem("/orders/" + id, bob, 403, "not_your_order");
  expect_problem("/orders/" + new_id(), ann, 404, "no_such_order");
}

TEST_F(SearchService, AnswersWhatCallersDoWrongWithAProblemAndItsCode) {
  const auto ann = token(new_id(), {"shopper"});
  expect_problem("/products?q=" + std::string(301, 'x'), "", 400, "query_too_long");
  expect_problem("/products?storeId=north", "", 400, "malformed_id");
  expect_problem("/products?currency=euro", "", 400, "malformed_currency");
  expect_problem("/products?pageSize=101", "", 400, "page_size_out_of_range");
  expect_problem("/products?pageToken=abc", "", 400, "malformed_page_token");
  EXPECT_EQ(get("/products?sort=BEAUTY").status, 400);
  EXPECT_EQ(get("/products?minPrice=cheap").status, 400);
  EXPECT_EQ(get("/orders").status, 401);
  expect_problem("/orders?status=LOST", ann, 400, "unknown_status");
  expect_problem("/orders?productIds=tea", ann, 400, "malformed_id");
  EXPECT_EQ(get("/orders?after=yesterday", ann).status, 400);
  expect_problem("/orders/1", ann, 400, "malformed_id");
}

}  // namespace
}  // namespace search::tests
