// Every business rejection of every service, as callers see it: its status and code over REST, or as the reason of a rejected order.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <regex>

#include "tests/mall/rejections.hpp"
#include "tests/mall/rpcs.hpp"

namespace mall::testing {
namespace {

/// What a rejection of this kind is over REST.
int status_of_kind(const std::string& kind) {
  static const std::map<std::string, int> statuses{{"malformed", 400}, {"unauthenticated", 401}, {"forbidden", 403}, {"not_found", 404},
                                                   {"conflict", 409},  {"rejected", 422},        {"too_many", 429},  {"unavailable", 503}};
  return statuses.at(kind);
}

/// "stores.sku_taken" and its status, for each value of each rejection enum of the domains.
std::map<std::string, int> declared_rejections() {
  std::map<std::string, int> declared;
  const std::regex line(R"re(return \{ErrorKind::(\w+), "(\w+)")re");
  for (const auto& service : RunningMall::service_names()) {
    const std::filesystem::path folder = service + "/internal/domain";
    if (!std::filesystem::exists(folder)) continue;
    for (const auto& file : std::filesystem::directory_iterator(folder)) {
      if (file.path().extension() != ".cpp") continue;
      std::ifstream stream(file.path());
      const std::string text(std::istreambuf_iterator<char>(stream), {});
      for (std::sregex_iterator match(text.begin(), text.end(), line), end; match != end; ++match)
        declared[service + "." + (*match)[2].str()] = status_of_kind((*match)[1]);
    }
  }
  return declared;
}

TEST(Rejections, AreAllInTheTablesWithTheStatusOfTheirKind) {
  std::map<std::string, int> in_tables;
  std::vector<std::string> names, declared_names;
  for (const auto& table : {rejections_of_accounts(), rejections_of_the_shop(), rejections_of_payments(), rejections_in_the_depot()}) {
    for (const auto& row : table) in_tables[row.name] = row.status;
  }
  const auto declared = declared_rejections();
  EXPECT_GT(declared.size(), 70U);
  for (const auto& [name, status] : in_tables) {
    EXPECT_TRUE(declared.contains(name) && declared.at(name) == status) << name;
    names.push_back(name);
  }
  for (const auto& row : rejections_of_orders()) {
    if (!in_tables.contains(row.name)) names.emplace_back(row.name);
  }
  for (const auto& hidden : rejections_that_nobody_sees()) names.emplace_back(hidden.name);
  for (const auto& [name, status] : declared) declared_names.push_back(name);
  EXPECT_THAT(names, ::testing::UnorderedElementsAreArray(declared_names));
}

void expect_rejections(std::span<const Rejection> table, World& world) {
  for (const auto& row : table) {
    SCOPED_TRACE(row.name);
    const auto answer = row.provoke(world);
    EXPECT_EQ(answer.status, row.status) << answer.body;
    EXPECT_EQ(answer.code(), std::string_view(row.name).substr(std::string_view(row.name).find('.') + 1)) << answer.body;
    expect_problem(answer, "the rejection");
  }
  world.expect_alive();
}

class RejectionsOverRest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    world_ = std::make_unique<World>(std::map<std::string, std::string>{{"PAYMENTS_EXPIRY_INTERVAL", "100ms"}});
  }
  static void TearDownTestSuite() { world_.reset(); }

  static inline std::unique_ptr<World> world_;
};

TEST_F(RejectionsOverRest, OfAccountsAndSessions) { expect_rejections(rejections_of_accounts(), *world_); }
TEST_F(RejectionsOverRest, OfStoresBasketsOrdersAndWhatIsReadOfThem) { expect_rejections(rejections_of_the_shop(), *world_); }
TEST_F(RejectionsOverRest, OfPaymentsAndInvoices) { expect_rejections(rejections_of_payments(), *world_); }

TEST_F(RejectionsOverRest, OfOrdersAreToldByTheOrder) {
  for (const auto& row : rejections_of_orders()) {
    SCOPED_TRACE(row.name);
    const auto [who, order] = row.check_out(*world_);
    const auto rejected = await_order(who, order, Order::REJECTED);
    EXPECT_EQ(rejected.rejection_code(), std::string_view(row.name).substr(std::string_view(row.name).find('.') + 1));
    ASSERT_FALSE(rejected.history().empty());
    EXPECT_FALSE(rejected.history().rbegin()->detail().empty());
    const auto saga = await_end_of_saga(world_->an_operator, order);
    EXPECT_EQ(saga.status(), Saga::COMPENSATED);
    EXPECT_EQ(saga.failure_code(), rejected.rejection_code());
  }
}

/// Changes of one thing that has a version.
std::vector<const Rpc*> versioned_changes() {
  std::vector<const Rpc*> changes;
  for (const auto& rpc : all_rpcs()) {
    const bool is_change = rpc.is_rest() && rpc.verb != "GET" && (rpc.path.contains("{id}") || rpc.path.ends_with("/me"));
    // RFC 9110, section 13.2.1: a precondition counts where the call would succeed without it, and this one has a bot already.
    const bool would_fail = rpc.name == "depot.AssignShoppingList";
    if (is_change && !would_fail && rpc.service != "notifications") changes.push_back(&rpc);
  }
  return changes;
}

Answer ask_with_version(World& world, const Rpc& rpc, const std::string& if_match) {
  const bool needs_operator = rpc.gate == Gate::roles && rpc.service != "stores";
  const auto spoken = speak(rpc, *good_request(rpc.name, world));
  return (needs_operator ? world.an_operator : world.anna).ask(rpc.verb, spoken.path, spoken.body, "If-Match: " + if_match + "\r\n");
}

TEST_F(RejectionsOverRest, OfAnotherVersionThanTheOneSeenChangeNothing) {
  for (const auto* rpc : versioned_changes()) good_request(rpc->name, *world_);
  const auto before = world_->contents_at_rest();
  EXPECT_GT(versioned_changes().size(), 20U);
  for (const auto* rpc : versioned_changes()) {
    SCOPED_TRACE(rpc->name);
    const auto stale = ask_with_version(*world_, *rpc, "\"999999\"");
    EXPECT_EQ(stale.status, 412) << stale.body;
    expect_problem(stale, "the rejection");
    for (const char* nonsense : {"x", "\"-1\"", "\"1\", \"2\"", "99999999999999999999"}) {
      const auto malformed = ask_with_version(*world_, *rpc, nonsense);
      EXPECT_EQ(malformed.status, 400) << malformed.body;
      EXPECT_EQ(malformed.code(), "if_match_malformed");
    }
  }
  EXPECT_EQ(world_->contents_at_rest(), before);
}

TEST_F(RejectionsOverRest, AreNoneForTheVersionThatTheETagNamed) {
  const auto store = "/stores/" + world_->store();
  const auto rebrand = [&](const std::string& name, const std::string& if_match) {
    return world_->anna.ask("POST", store + ":rebrand", R"({"name":")" + name + "\"}", "If-Match: " + if_match + "\r\n");
  };
  const auto seen = world_->anna.get(store).headers.at("etag");
  const auto first = rebrand("Once", seen);
  EXPECT_EQ(first.status, 200) << first.body;
  EXPECT_NE(first.headers.at("etag"), seen);
  EXPECT_EQ(rebrand("Twice", seen).status, 412);
  EXPECT_EQ(rebrand("Twice", first.headers.at("etag")).status, 200);
  EXPECT_EQ(rebrand("Thrice", "*").status, 200);
}

TEST(RejectionsInTheDepot, OverRest) {
  World world(std::map<std::string, std::string>{{"DEPOT_INITIAL_BOTS", "1"}});
  expect_rejections(rejections_in_the_depot(), world);
}

}  // namespace
}  // namespace mall::testing
