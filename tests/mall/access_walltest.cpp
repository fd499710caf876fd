// Who may do what: every RPC of the mall by everybody, over REST and over gRPC.

#include <algorithm>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "notifications/notificationspb/api.pb.h"
#include "search/searchpb/api.pb.h"
#include "tests/mall/rpcs.hpp"
#include "tests/mall/world.hpp"

namespace mall::testing {
namespace {

enum Who { nobody, stranger, rival, picker, machine, an_operator, anna, everybody };

struct Person {
  const char* name;
  std::set<std::string> roles;
};
const Person people[everybody] = {{"nobody", {}},
                                  {"a shopper", {"shopper"}},
                                  {"another store's owner", {"shopper", "owner"}},
                                  {"a picker", {"shopper", "picker"}},
                                  {"a service", {"service"}},
                                  {"an operator", {"shopper", "operator"}},
                                  {"Anna, whose it is", {"shopper", "owner"}}};

struct Row {
  const char* rpc;
  int status[everybody];
};

// clang-format off
constexpr Row table[] = {
    // RPC                          nobody  shopper  rival  picker  service  operator  Anna
    {"users.RegisterUser",             {201, 201, 201, 201, 201, 201, 201}},
    {"users.CreateSession",            {200, 200, 200, 200, 200, 200, 200}},
    {"users.RefreshSession",           {200, 200, 200, 200, 200, 200, 200}},
    {"users.RevokeSession",            {200, 200, 200, 200, 200, 200, 200}},
    {"users.GetMe",                    {401, 200, 200, 200, 403, 200, 200}},
    {"users.UpdateMe",                 {401, 200, 200, 200, 403, 200, 200}},
    {"users.GetUser",                  {401, 403, 403, 403, 200, 200, 200}},
    {"users.EnableUser",               {401, 403, 403, 403, 403, 200, 403}},
    {"users.DisableUser",              {401, 403, 403, 403, 403, 200, 403}},
    {"users.GrantRole",                {401, 403, 403, 403, 403, 200, 403}},
    {"users.RevokeRole",               {401, 403, 403, 403, 403, 200, 403}},
    {"users.GetJwks",                  {200, 200, 200, 200, 200, 200, 200}},
    {"users.CreateServiceSession",     {200, 200, 200, 200, 200, 200, 200}},
    {"stores.CreateStore",             {401, 201, 201, 201, 403, 201, 201}},
    {"stores.GetStore",                {200, 200, 200, 200, 200, 200, 200}},
    {"stores.ListStores",              {200, 200, 200, 200, 200, 200, 200}},
    {"stores.RebrandStore",            {401, 403, 403, 403, 403, 200, 200}},
    {"stores.EnableParticipation",     {401, 403, 403, 403, 403, 200, 200}},
    {"stores.DisableParticipation",    {401, 403, 403, 403, 403, 200, 200}},
    {"stores.AddProduct",              {401, 403, 403, 403, 403, 201, 201}},
    {"stores.ListProducts",            {200, 200, 200, 200, 200, 200, 200}},
    {"stores.GetProduct",              {200, 200, 200, 200, 200, 200, 200}},
    {"stores.RemoveProduct",           {401, 403, 403, 403, 403, 200, 200}},
    {"stores.RebrandProduct",          {401, 403, 403, 403, 403, 200, 200}},
    {"stores.IncreasePrice",           {401, 403, 403, 403, 403, 200, 200}},
    {"stores.DecreasePrice",           {401, 403, 403, 403, 403, 200, 200}},
    {"stores.RestockProduct",          {401, 403, 403, 403, 403, 200, 200}},
    {"baskets.StartBasket",            {401, 201, 201, 201, 403, 201, 201}},
    {"baskets.GetBasket",              {401, 403, 403, 403, 403, 403, 200}},
    {"baskets.AddItem",                {401, 403, 403, 403, 403, 403, 200}},
    {"baskets.RemoveItem",             {401, 403, 403, 403, 403, 403, 200}},
    {"baskets.RepriceBasket",          {401, 403, 403, 403, 403, 403, 200}},
    {"baskets.CheckOutBasket",         {401, 403, 403, 403, 403, 403, 200}},
    {"baskets.CancelBasket",           {401, 403, 403, 403, 403, 403, 200}},
    {"ordering.GetOrder",              {401, 403, 403, 403, 403, 200, 200}},
    {"ordering.ListOrders",            {401, 200, 200, 200, 403, 200, 200}},
    {"ordering.CancelOrder",           {401, 403, 403, 403, 403, 200, 200}},
    {"depot.ListShoppingLists",        {401, 403, 403, 200, 403, 200, 403}},
    {"depot.GetShoppingList",          {401, 403, 403, 200, 403, 200, 403}},
    {"depot.AssignShoppingList",       {401, 403, 403, 409, 403, 409, 403}},  // a bot has it already
    {"depot.CompleteShoppingList",     {401, 403, 403, 200, 403, 200, 403}},
    {"depot.CancelShoppingList",       {401, 403, 403, 403, 403, 200, 403}},
    {"depot.RegisterBot",              {401, 403, 403, 403, 403, 201, 403}},
    {"depot.ListBots",                 {401, 403, 403, 200, 403, 200, 403}},
    {"payments.AuthorizePayment",      {401, 201, 201, 201, 403, 201, 201}},
    {"payments.GetPayment",            {401, 403, 403, 403, 403, 200, 200}},
    {"payments.ListInvoices",          {401, 200, 200, 200, 403, 200, 200}},
    {"payments.GetInvoice",            {401, 403, 403, 403, 403, 200, 200}},
    {"payments.PayInvoice",            {401, 403, 403, 403, 403, 200, 200}},
    {"payments.AdjustInvoice",         {401, 403, 403, 403, 403, 200, 403}},
    {"payments.CancelInvoice",         {401, 403, 403, 403, 403, 200, 403}},
    {"search.SearchProducts",          {200, 200, 200, 200, 200, 200, 200}},
    {"search.SearchOrders",            {401, 200, 200, 200, 403, 200, 200}},
    {"search.GetOrder",                {401, 403, 403, 403, 403, 200, 200}},
    {"notifications.ListNotifications", {401, 200, 200, 200, 403, 200, 200}},
    {"notifications.ReadNotification", {401, 403, 403, 403, 403, 403, 200}},
    {"cosec.ListSagas",                {401, 403, 403, 403, 403, 200, 403}},
    {"cosec.GetSaga",                  {401, 403, 403, 403, 403, 200, 403}},
};
// clang-format on

bool goes_well(int status) { return status < 300; }

TEST(AccessTable, HasARowForEveryRpcAndNoOther) {
  std::vector<std::string> rows, there;
  for (const auto& row : table) rows.emplace_back(row.rpc);
  for (const auto& rpc : all_rpcs()) there.push_back(rpc.name);
  EXPECT_THAT(rows, ::testing::UnorderedElementsAreArray(there));
  EXPECT_THAT(rpcs_with_a_good_request(), ::testing::UnorderedElementsAreArray(there));
}

TEST(AccessTable, SaysWhatTheRuleInTheProtoSays) {
  for (const auto& row : table) {
    const auto& declared = rpc(row.rpc);
    for (int who = 0; who < everybody; ++who) {
      SCOPED_TRACE(std::string(row.rpc) + " by " + people[who].name);
      const bool has_role = std::ranges::any_of(declared.roles, [&](const auto& role) { return people[who].roles.contains(role); });
      switch (declared.gate) {
        case Gate::anyone: EXPECT_TRUE(row.status[who] != 401 && row.status[who] != 403); break;
        case Gate::signed_in: EXPECT_EQ(row.status[who] == 401, who == nobody); break;
        case Gate::roles:
          if (who == nobody)
            EXPECT_EQ(row.status[who], 401);
          else if (!has_role)
            EXPECT_EQ(row.status[who], 403);
          else
            EXPECT_NE(row.status[who], 401);
          break;
      }
    }
  }
}

class Access : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { world_ = std::make_unique<World>(); }
  static void TearDownTestSuite() { world_.reset(); }

  static Visitor visitor(int who) {
    switch (who) {
      case stranger: return world_->stranger;
      case rival: return world_->rival;
      case picker: return world_->picker;
      case machine: return world_->machine;
      case an_operator: return world_->an_operator;
      case anna: return world_->anna;
      default: return world_->mall.visitor();
    }
  }

  static void expect_answer(const Row& row, int who, const Answer& answer) {
    EXPECT_EQ(answer.status, row.status[who]) << answer.body;
    if (goes_well(answer.status)) return;
    expect_problem(answer, "the refusal");
    EXPECT_EQ(answer.headers.contains("www-authenticate"), answer.status == 401);
    EXPECT_FALSE(answer.headers.contains("etag"));
    for (const auto& secret : {world_->anna.id(), world_->anna.username(), std::string("73311"), world_->payment()})
      EXPECT_FALSE(answer.body.contains(secret)) << "tells of Anna's: " << answer.body;
  }

  /// Asks for one cell of the table, by both ways.
  static void ask(const Row& row, int who) {
    SCOPED_TRACE(std::string(row.rpc) + " by " + people[who].name);
    const auto& asked = rpc(row.rpc);
    const auto by = visitor(who);
    world_->make_anew(goes_well(row.status[who]));
    if (asked.is_rest()) {
      const auto spoken = speak(asked, *good_request(row.rpc, *world_));
      expect_answer(row, who, by.ask(asked.verb, spoken.path + spoken.query, spoken.body));
    }
    const auto over_grpc = world_->ask_grpc(*asked.method, *good_request(row.rpc, *world_), by.token());
    EXPECT_EQ(over_grpc, goes_well(row.status[who]) ? 200 : row.status[who]) << "over gRPC";
    world_->make_anew(false);
  }

  static inline std::unique_ptr<World> world_;
};

TEST_F(Access, IsRefusedToWhoMayNotAndNothingChangesByIt) {
  for (const auto& rpc : rpcs_with_a_good_request()) good_request(rpc, *world_);  // so that all things are there before
  const auto before = world_->contents_at_rest();
  int refused = 0;
  for (const auto& row : table) {
    for (int who = 0; who < everybody; ++who) {
      if (goes_well(row.status[who])) continue;
      ask(row, who);
      ++refused;
    }
  }
  EXPECT_GT(refused, 200);
  EXPECT_EQ(world_->contents_at_rest(), before);
  world_->expect_alive();
}

TEST_F(Access, IsGivenToWhoMay) {
  for (const auto& row : table) {
    for (int who = 0; who < everybody; ++who) {
      if (goes_well(row.status[who])) ask(row, who);
    }
  }
  world_->expect_alive();
}

TEST_F(Access, ShowsInListsNothingOfOthers) {
  using mallbots::notifications::v1::ListNotificationsResponse;
  using mallbots::ordering::v1::ListOrdersResponse;
  using mallbots::payments::v1::ListInvoicesResponse;
  using mallbots::search::v1::SearchOrdersResponse;
  const auto order = world_->order();
  const auto invoice = world_->anna.see<Invoice>("/invoices/" + world_->invoice());
  EXPECT_GT(world_->anna.see<ListOrdersResponse>("/orders").orders_size(), 0);
  EXPECT_GT(world_->anna.see<ListInvoicesResponse>("/invoices?orderId=" + invoice.order_id()).invoices_size(), 0);
  EXPECT_GT(world_->anna.see<SearchOrdersResponse>("/search/orders").orders_size(), 0);
  const auto annas = world_->anna.see<ListNotificationsResponse>("/notifications?pageSize=100");
  EXPECT_GT(annas.notifications_size(), 0);

  for (const auto& other : {world_->stranger, world_->rival, world_->picker}) {
    EXPECT_EQ(other.see<ListOrdersResponse>("/orders").orders_size(), 0);
    EXPECT_EQ(other.see<ListInvoicesResponse>("/invoices").invoices_size(), 0);
    EXPECT_EQ(other.see<ListInvoicesResponse>("/invoices?orderId=" + invoice.order_id()).invoices_size(), 0);
    EXPECT_EQ(other.see<SearchOrdersResponse>("/search/orders").orders_size(), 0);
    EXPECT_EQ(other.see<SearchOrdersResponse>("/search/orders?userId=" + world_->anna.id()).orders_size(), 0);
    const auto told = other.see<ListNotificationsResponse>("/notifications?pageSize=100");
    for (const auto& note : told.notifications()) {
      EXPECT_TRUE(std::ranges::none_of(annas.notifications(), [&](const auto& hers) { return hers.id() == note.id(); }));
      EXPECT_FALSE(note.has_order_id()) << "of no order of Anna's";
    }
  }
  EXPECT_EQ(world_->an_operator.see<ListOrdersResponse>("/orders").orders_size(), 0) << "one's own, for operators too";
  EXPECT_GT(world_->an_operator.see<SearchOrdersResponse>("/search/orders?userId=" + world_->anna.id()).orders_size(), 0);
  EXPECT_EQ(world_->an_operator.see<ListInvoicesResponse>("/invoices?orderId=" + invoice.order_id()).invoices_size(), 1);
}

// A page of one's own list does not open others' with the token of theirs.
TEST_F(Access, IsNotWidenedByAnothersPageToken) {
  using mallbots::ordering::v1::ListOrdersResponse;
  world_->make_anew(true);
  world_->order();
  world_->order();
  world_->make_anew(false);
  const auto page = world_->anna.see<ListOrdersResponse>("/orders?pageSize=1");
  ASSERT_FALSE(page.next_page_token().empty());
  EXPECT_EQ(world_->stranger.see<ListOrdersResponse>("/orders?pageToken=" + page.next_page_token()).orders_size(), 0);
}

}  // namespace
}  // namespace mall::testing
