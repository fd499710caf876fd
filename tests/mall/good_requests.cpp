// A good request of every RPC.

#include "baskets/basketspb/api.pb.h"
#include "cosec/cosecpb/api.pb.h"
#include "depot/depotpb/api.pb.h"
#include "ordering/orderingpb/api.pb.h"
#include "payments/paymentspb/api.pb.h"
#include "search/searchpb/api.pb.h"
#include "stores/storespb/api.pb.h"
#include "tests/mall/world.hpp"
#include "users/userspb/api.pb.h"

namespace mall::testing {
namespace {

using google::protobuf::Message;
using Make = std::function<std::unique_ptr<Message>(World&)>;

template <class Request>
Make make(std::function<void(World&, Request&)> fill = {}) {
  return [fill](World& world) -> std::unique_ptr<Message> {
    auto request = std::make_unique<Request>();
    if (fill) fill(world, *request);
    return request;
  };
}

/// A request that says no more than the id of one thing.
template <class Request>
Make about(std::string (World::*thing)()) {
  return make<Request>([thing](World& world, Request& request) { request.set_id((world.*thing)()); });
}

void set_euros(mallbots::money::v1::Money& money, std::int64_t cents) {
  money.set_currency("EUR");
  money.set_minor_units(cents);
}

void add_users(std::map<std::string, Make>& requests) {
  namespace pb = mallbots::users::v1;
  requests["users.RegisterUser"] = make<pb::RegisterUserRequest>([](World& world, auto& request) {
    request.set_username(world.unique("new"));
    request.set_email(request.username() + "@example.org");
    request.set_password("a password of ten");
  });
  requests["users.CreateSession"] = make<pb::CreateSessionRequest>([](World& world, auto& request) {
    request.set_username(world.account());
    request.set_password(Visitor::password);
  });
  requests["users.RefreshSession"] =
      make<pb::RefreshSessionRequest>([](World& world, auto& request) { request.set_refresh_token(world.refresh_token()); });
  requests["users.RevokeSession"] =
      make<pb::RevokeSessionRequest>([](World& world, auto& request) { request.set_refresh_token(world.refresh_token()); });
  requests["users.GetMe"] = make<pb::GetMeRequest>();
  requests["users.UpdateMe"] =
      make<pb::UpdateMeRequest>([](World& world, auto& request) { request.set_email(world.unique("mail") + "@example.org"); });
  requests["users.GetUser"] = make<pb::GetUserRequest>([](World& world, auto& request) { request.set_id(world.anna.id()); });
  requests["users.EnableUser"] = about<pb::EnableUserRequest>(&World::user);
  requests["users.DisableUser"] = about<pb::DisableUserRequest>(&World::user);
  requests["users.GrantRole"] = make<pb::GrantRoleRequest>([](World& world, auto& request) {
    request.set_id(world.user());
    request.set_role("picker");
  });
  requests["users.RevokeRole"] = make<pb::RevokeRoleRequest>([](World& world, auto& request) {
    request.set_id(world.user());
    request.set_role("picker");
  });
  requests["users.GetJwks"] = make<pb::GetJwksRequest>();
  requests["users.CreateServiceSession"] = make<pb::CreateServiceSessionRequest>([](World&, auto& request) {
    request.set_service("notifications");
    request.set_secret(RunningMall::service_secret);
  });
}

void add_stores(std::map<std::string, Make>& requests) {
  namespace pb = mallbots::stores::v1;
  requests["stores.CreateStore"] = make<pb::CreateStoreRequest>([](World&, auto& request) {
    request.set_name("Another");
    request.set_location("Level 2");
  });
  requests["stores.GetStore"] = about<pb::GetStoreRequest>(&World::store);
  requests["stores.ListStores"] = make<pb::ListStoresRequest>();
  requests["stores.RebrandStore"] = make<pb::RebrandStoreRequest>([](World& world, auto& request) {
    request.set_id(world.store());
    request.set_name(world.unique("Brand"));
  });
  requests["stores.EnableParticipation"] = about<pb::EnableParticipationRequest>(&World::store);
  requests["stores.DisableParticipation"] = about<pb::DisableParticipationRequest>(&World::store);
  requests["stores.AddProduct"] = make<pb::AddProductRequest>([](World& world, auto& request) {
    request.set_store_id(world.store());
    request.set_name("Cup");
    request.set_description("Blue");
    request.set_sku(world.unique("W"));
    set_euros(*request.mutable_price(), 1250);
    request.set_stock(20);
  });
  requests["stores.ListProducts"] = make<pb::ListProductsRequest>([](World& world, auto& request) { request.set_store_id(world.store()); });
  requests["stores.GetProduct"] = about<pb::GetProductRequest>(&World::product);
  requests["stores.RemoveProduct"] = about<pb::RemoveProductRequest>(&World::product);
  requests["stores.RebrandProduct"] = make<pb::RebrandProductRequest>([](World& world, auto& request) {
    request.set_id(world.product());
    request.set_name(world.unique("Tea"));
    request.set_description("Darker");
  });
  requests["stores.IncreasePrice"] = make<pb::IncreasePriceRequest>([](World& world, auto& request) {
    request.set_id(world.product());
    set_euros(*request.mutable_price(), 99'999);
  });
  requests["stores.DecreasePrice"] = make<pb::DecreasePriceRequest>([](World& world, auto& request) {
    request.set_id(world.product());
    set_euros(*request.mutable_price(), 1);
  });
  requests["stores.RestockProduct"] = make<pb::RestockProductRequest>([](World& world, auto& request) {
    request.set_id(world.product());
    request.set_quantity(5);
  });
}

void add_baskets(std::map<std::string, Make>& requests) {
  namespace pb = mallbots::baskets::v1;
  requests["baskets.StartBasket"] = make<pb::StartBasketRequest>();
  requests["baskets.GetBasket"] = about<pb::GetBasketRequest>(&World::basket);
  requests["baskets.AddItem"] = make<pb::AddItemRequest>([](World& world, auto& request) {
    request.set_id(world.basket());
    request.set_product_id(world.product_in(request.id()));
    request.set_quantity(1);
  });
  requests["baskets.RemoveItem"] = make<pb::RemoveItemRequest>([](World& world, auto& request) {
    request.set_id(world.basket());
    request.set_product_id(world.product_in(request.id()));
    request.set_quantity(1);
  });
  requests["baskets.RepriceBasket"] = about<pb::RepriceBasketRequest>(&World::basket);
  requests["baskets.CheckOutBasket"] = make<pb::CheckOutBasketRequest>([](World& world, auto& request) {
    request.set_id(world.basket());
    request.set_payment_id(world.payment());
  });
  requests["baskets.CancelBasket"] = about<pb::CancelBasketRequest>(&World::basket);
}

void add_depot(std::map<std::string, Make>& requests) {
  namespace pb = mallbots::depot::v1;
  requests["depot.ListShoppingLists"] = make<pb::ListShoppingListsRequest>();
  requests["depot.GetShoppingList"] = about<pb::GetShoppingListRequest>(&World::shopping_list);
  requests["depot.AssignShoppingList"] = make<pb::AssignShoppingListRequest>([](World& world, auto& request) {
    request.set_id(world.shopping_list());
    request.set_bot_id(world.an_operator.see<pb::ListBotsResponse>("/bots").bots(0).id());
  });
  requests["depot.CompleteShoppingList"] = about<pb::CompleteShoppingListRequest>(&World::shopping_list);
  requests["depot.CancelShoppingList"] = about<pb::CancelShoppingListRequest>(&World::shopping_list);
  requests["depot.RegisterBot"] =
      make<pb::RegisterBotRequest>([](World& world, auto& request) { request.set_name(world.unique("robot")); });
  requests["depot.ListBots"] = make<pb::ListBotsRequest>();
}

void add_payments(std::map<std::string, Make>& requests) {
  namespace pb = mallbots::payments::v1;
  requests["payments.AuthorizePayment"] = make<pb::AuthorizePaymentRequest>([](World&, auto& request) {
    set_euros(*request.mutable_amount(), 5000);
    request.set_method("sandbox:approve");
  });
  requests["payments.GetPayment"] = about<pb::GetPaymentRequest>(&World::payment);
  requests["payments.ListInvoices"] = make<pb::ListInvoicesRequest>();
  requests["payments.GetInvoice"] = about<pb::GetInvoiceRequest>(&World::invoice);
  requests["payments.PayInvoice"] = about<pb::PayInvoiceRequest>(&World::invoice);
  requests["payments.AdjustInvoice"] = make<pb::AdjustInvoiceRequest>([](World& world, auto& request) {
    request.set_id(world.invoice());
    set_euros(*request.mutable_amount(), 1);
  });
  requests["payments.CancelInvoice"] = about<pb::CancelInvoiceRequest>(&World::invoice);
}

void add_the_rest(std::map<std::string, Make>& requests) {
  requests["ordering.GetOrder"] = about<mallbots::ordering::v1::GetOrderRequest>(&World::order);
  requests["ordering.ListOrders"] = make<mallbots::ordering::v1::ListOrdersRequest>();
  requests["ordering.CancelOrder"] = about<mallbots::ordering::v1::CancelOrderRequest>(&World::order);
  requests["search.SearchProducts"] = make<mallbots::search::v1::SearchProductsRequest>();
  requests["search.SearchOrders"] = make<mallbots::search::v1::SearchOrdersRequest>();
  requests["search.GetOrder"] = about<mallbots::search::v1::GetOrderRequest>(&World::order);
  requests["notifications.ListNotifications"] = make<mallbots::notifications::v1::ListNotificationsRequest>();
  requests["notifications.ReadNotification"] = about<mallbots::notifications::v1::ReadNotificationRequest>(&World::notification);
  requests["cosec.ListSagas"] = make<mallbots::cosec::v1::ListSagasRequest>();
  requests["cosec.GetSaga"] = about<mallbots::cosec::v1::GetSagaRequest>(&World::order);
}

const std::map<std::string, Make>& makers() {
  static const auto all = [] {
    std::map<std::string, Make> requests;
    add_users(requests);
    add_stores(requests);
    add_baskets(requests);
    add_depot(requests);
    add_payments(requests);
    add_the_rest(requests);
    return requests;
  }();
  return all;
}

}  // namespace

std::unique_ptr<Message> good_request(std::string_view rpc, World& world) { return makers().at(std::string(rpc))(world); }

std::vector<std::string> rpcs_with_a_good_request() {
  std::vector<std::string> names;
  for (const auto& [name, make] : makers()) names.push_back(name);
  return names;
}

}  // namespace mall::testing
