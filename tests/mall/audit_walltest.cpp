// mallctl audit: a sound mall is clean, live and at rest, and for each of its rules there is a damage that this rule reports and no other.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <thread>

#include "pkg/testing/wait.hpp"
#include "tests/mall/auditor.hpp"
#include "tests/mall/damages.hpp"
#include "tests/mall/journeys.hpp"

namespace mall::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

/// Whether everything has come to its end, once it had the time to.
void expect_settled(const RunningMall& mall) {
  Audit last;
  const auto look = [&] {
    last = audit(databases_of(mall), "--settled --look-again 100");
    return last.clean && last.under_way == 0;
  };
  pkg::testing::wait_until(look, "a mall at rest to be clean", std::chrono::seconds{60});
  EXPECT_EQ(last.exit_code, 0) << last;
  EXPECT_EQ(last.under_way, 0u) << last;
}

/// A shopper, who buys from a store.
class Customer {
 public:
  Customer(const RunningMall& mall, const std::string& product) : product_(product), shopper(new_shopper(mall)) {}

  std::string buys(int pieces, std::int64_t paying) const {
    return check_out(shopper, fill_basket(shopper, {{product_, pieces}}), authorize(shopper, paying));
  }
  std::string gets_ready(int pieces) const {
    const auto order = buys(pieces, 500 * pieces);
    invoice_of(order);
    return order;
  }
  std::string invoice_of(const std::string& order) const {
    return shopper.await<Order>("/orders/" + order, [](const Order& seen) { return seen.has_invoice_id(); }, "the invoice").invoice_id();
  }
  std::string completes(int pieces) const {
    const auto order = buys(pieces, 500 * pieces);
    shopper.done("/invoices/" + invoice_of(order) + ":pay");
    await_order(shopper, order, Order::COMPLETED);
    return order;
  }

 private:
  std::string product_;

 public:
  Visitor shopper;
};

TEST(AuditOfALiveMall, FindsNothingWhileOrdersAreOnTheirWay) {
  RunningMall mall;
  const Storekeeper north(mall);
  const auto tea = north.add_product(500, 1000);
  std::atomic<bool> closed = false;
  std::vector<std::jthread> shoppers;
  for (int i = 0; i < 3; ++i) {
    shoppers.emplace_back([&, customer = Customer(mall, tea), i] {
      for (int round = 0; !closed; ++round) {
        if (round % 3 == i) {
          const auto order = customer.buys(2, 1000);
          customer.shopper.post("/orders/" + order + ":cancel");
        } else if (round % 5 == i) {
          customer.buys(2, 999);  // too little: rejected
        } else {
          customer.completes(1);
        }
      }
    });
  }
  for (int i = 0; i < 4; ++i) {
    const auto seen = audit(databases_of(mall), "--within 60 --look-again 500");
    EXPECT_EQ(seen.exit_code, 0) << seen;
    EXPECT_THAT(seen.findings, IsEmpty());
  }
  closed = true;
  shoppers.clear();
  // Some were canceled when they were ready, which is too late: the shoppers go without paying.
  const auto at_rest = audit(databases_of(mall), "--within 60 --look-again 500");
  EXPECT_TRUE(at_rest.clean) << at_rest;
  EXPECT_GT(at_rest.checked, 100u);
}

/// A mall that took an order of each kind and then stopped.
class AuditOfADamagedMall : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    mall_ = std::make_unique<RunningMall>();
    const RunningMall& mall = *mall_;
    const auto an_operator = mall.an_operator();
    const Storekeeper north(mall);
    const auto tea = north.add_product(500, 100), cup = north.add_product(700, -1, "Cup");
    north.owner.done("/products/" + tea + ":restock", R"({"quantity":20})");
    north.owner.done("/products/" + cup + ":increasePrice", R"({"price":)" + euros(900) + "}");
    north.owner.done("/products/" + cup + ":decreasePrice", R"({"price":)" + euros(800) + "}");
    const Customer customer(mall, tea);
    const auto& shopper = customer.shopper;

    auto& things = things_;
    things["store"] = north.store;
    things["product"] = tea;
    things["repriced"] = cup;
    things["shopper"] = shopper.id();
    things["completed"] = customer.completes(3);
    things["payment"] = shopper.see<Order>("/orders/" + things["completed"]).payment_id();
    things["rejected"] = customer.buys(2, 999);
    await_order(shopper, things["rejected"], Order::REJECTED);
    things["canceled"] = customer.gets_ready(2);
    an_operator.done("/invoices/" + customer.invoice_of(things["canceled"]) + ":cancel");
    await_order(shopper, things["canceled"], Order::CANCELED);
    things["open"] = fill_basket(shopper, {{tea, 1}});
    expect_settled(mall);

    things["ready"] = customer.gets_ready(4);
    pkg::testing::wait_until([&] { return times_told(shopper, Notification::ORDER_READY, things["ready"]) == 1; },
                             "the shopper to be told");
    for (const auto& service : mall.running()) EXPECT_EQ(mall_->process(service).stop(), 0) << service;
  }
  static void TearDownTestSuite() { mall_.reset(); }

  static std::unique_ptr<RunningMall> mall_;
  static Things things_;
};
std::unique_ptr<RunningMall> AuditOfADamagedMall::mall_;
Things AuditOfADamagedMall::things_;

// Nothing is under way any more, so there is nothing to wait for.
const std::string at_once = "--within 0 --look-again 1";

TEST_F(AuditOfADamagedMall, IsCleanBeforeItIsDamaged) {
  const auto seen = audit(databases_of(*mall_), at_once);
  EXPECT_TRUE(seen.clean) << seen;
  EXPECT_EQ(seen.under_way, 1u) << "the order that its shopper has not paid yet\n" << seen;
}

TEST_F(AuditOfADamagedMall, FindsAnOrderThatIsUnderWayWhenEverythingShouldHaveComeToItsEnd) {
  const auto seen = audit(databases_of(*mall_), at_once + " --settled");
  EXPECT_EQ(seen.exit_code, 1);
  EXPECT_EQ(seen.rules(), "order-in-time") << seen;
  ASSERT_EQ(seen.findings.size(), 1u);
  EXPECT_EQ(seen.findings[0].subject, "order " + things_["ready"]);
  EXPECT_EQ(seen.findings[0].found, "ready");
}

TEST_F(AuditOfADamagedMall, ReportsEachDamageByTheRuleThatItBreaksAndNoOther) {
  for (const auto& damage : damages()) {
    SCOPED_TRACE(damage.rule + ": " + damage.statements.front().service + ": " + damage.statements.front().sql);
    const DamagedMall damaged(*mall_, things_, damage);
    const auto seen = audit(damaged.databases(), at_once);
    EXPECT_EQ(seen.exit_code, 1);
    EXPECT_EQ(seen.rules(), damage.rule) << seen;
    ASSERT_FALSE(damaged.name().empty());
    const bool is_named =
        std::ranges::any_of(seen.findings, [&](const auto& finding) { return finding.subject.find(damaged.name()) != std::string::npos; });
    EXPECT_TRUE(is_named) << "no finding names " << damaged.name() << "\n" << seen;
    for (const auto& finding : seen.findings) EXPECT_NE(finding.expected, finding.found);
  }
}

TEST_F(AuditOfADamagedMall, HasADamageForEachRule) {
  std::istringstream listed(audit_says("--list"));
  std::set<std::string> rules, damaged;
  for (std::string line; std::getline(listed, line);) rules.insert(line.substr(0, line.find(' ')));
  for (const auto& damage : damages()) damaged.insert(damage.rule);
  EXPECT_GT(rules.size(), 25u);
  EXPECT_EQ(rules, damaged);
}

TEST_F(AuditOfADamagedMall, LooksOnlyAtTheRulesThatItIsAskedFor) {
  const Damage everything{
      "", {{"search", "UPDATE orders SET total_minor = total_minor + 1"}, {"depot", "UPDATE bots SET status = 'active'"}}, "-"};
  const DamagedMall damaged(*mall_, things_, everything);
  EXPECT_EQ(audit(damaged.databases(), at_once + " --rule bot-has-its-list").rules(), "bot-has-its-list");
  EXPECT_EQ(audit(damaged.databases(), at_once + " --rule bot-has-its-list --rule search-knows-orders").rules(),
            "bot-has-its-list search-knows-orders");
  EXPECT_TRUE(audit(damaged.databases(), at_once + " --rule stock-adds-up").clean);
}

TEST_F(AuditOfADamagedMall, TellsPeopleWhatItFoundAndScriptsTheRest) {
  const DamagedMall damaged(*mall_, things_,
                            {"", {{"stores", "UPDATE product_stock SET on_hand = on_hand + 1 WHERE product_id = '{product}'"}}, "-"});
  int code = 0;
  const auto said = audit_says(at_once + " --rule stock-adds-up --database 'stores=" + damaged.databases().at("stores") + "'", &code);
  EXPECT_EQ(code, 1);
  EXPECT_THAT(said, AllOf(HasSubstr("FINDING  stock-adds-up"), HasSubstr("product " + things_["product"]), HasSubstr("118 on hand"),
                          HasSubstr("1 finding")));
}

TEST(AuditWithoutOptions, FindsTheDatabasesOfTheMallThatRunsAndThoseInTheEnvironment) {
  // Neither has its tables, and that is how it is seen which one was asked.
  const pkg::testing::TestDatabase running, named;
  const auto folder = std::filesystem::path(::testing::TempDir()) / ("mall-of-" + running.name());
  std::filesystem::create_directories(folder / "env");
  std::ofstream(folder / "env/stores.env") << "STORES_HTTP_PORT=1\nSTORES_DATABASE_URL='" << running.connection_string() << "'\n";
  ::setenv("MALL_DIR", folder.c_str(), 1);
  EXPECT_THAT(audit_says("--rule stock-adds-up"), HasSubstr("product_stock"));
  EXPECT_THAT(audit_says("--rule saga-in-time"), HasSubstr("cosec: nobody says where its database is"));
  ::setenv("STORES_DATABASE_URL", "host=/nonexistent dbname=stores", 1);
  EXPECT_THAT(audit_says("--rule stock-adds-up"), HasSubstr("/nonexistent"));
  EXPECT_THAT(audit_says("--rule stock-adds-up --database 'stores=" + named.connection_string() + "'"), HasSubstr("product_stock"));
  ::unsetenv("STORES_DATABASE_URL");
  ::unsetenv("MALL_DIR");
  std::filesystem::remove_all(folder);
}

TEST(AuditThatCannotBeMade, SaysWhyAndEndsWithTwo) {
  int code = 0;
  EXPECT_THAT(audit_says("--rule stock-adds-up --database stores='host=/nonexistent dbname=stores'", &code), HasSubstr("stores: "));
  EXPECT_EQ(code, 2);
  EXPECT_THAT(audit_says("--rule no-such-rule", &code), HasSubstr("no-such-rule is no rule"));
  EXPECT_EQ(code, 2);
  EXPECT_THAT(audit_says("--database shops=x", &code), HasSubstr("SERVICE=CONNINFO"));
  EXPECT_EQ(code, 2);
  EXPECT_THAT(audit_says("--no-such-option", &code), HasSubstr("no-such-option"));
  EXPECT_EQ(code, 2);
  const pkg::testing::TestDatabase empty;
  EXPECT_THAT(audit_says("--rule stock-adds-up --database 'stores=" + empty.connection_string() + "'", &code), HasSubstr("product_stock"));
  EXPECT_EQ(code, 2);
}

}  // namespace
}  // namespace mall::testing
