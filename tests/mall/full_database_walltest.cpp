// A database that takes nothing, because it is full or read-only: callers are told to come again, nothing is stored by halves, no service
// ends, and everything goes on when the fault is over.

#include <gtest/gtest.h>

#include <array>

#include "pkg/testing/wait.hpp"
#include "tests/mall/crowd.hpp"
#include "tests/mall/world.hpp"

namespace mall::testing {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t disk = std::size_t{150} << 20;

class FaultyDatabase : public ::testing::Test {
 protected:
  explicit FaultyDatabase(pkg::testing::PostgresServer* server = nullptr) : mall({.server = server}) {}

  RunningMall mall;
  Visitor an_operator = mall.an_operator();
  Storekeeper north{mall};
  Visitor shopper = new_shopper(mall);
  std::string tea = north.add_product(500, 1'000);

  /// Calls that store something in five services, about something new each time.
  static constexpr std::array<const char*, 5> paths{"/users", "/stores", "/baskets", "/payments", "/bots"};
  Answer call(const std::string& path) {
    const auto name = "new" + std::to_string(++called_);
    const std::map<std::string, std::string> bodies{
        {"/users", R"({"username":")" + name + R"(","email":")" + name + R"(@example.org","password":"correct horse battery"})"},
        {"/stores", R"({"name":"South","location":"Level 2"})"},
        {"/baskets", "{}"},
        {"/payments", R"({"amount":)" + euros(500) + R"(,"method":"sandbox:approve"})"},
        {"/bots", R"({"name":")" + name + "\"}"}};
    return (path == "/bots" ? an_operator : shopper).post(path, bodies.at(path));
  }

  /// Every call that would store something is answered 503, as a problem that says when to come again.
  void expect_unavailable() {
    for (const std::string path : paths) {
      Answer answer;
      // A page that is there may have room for a row yet.
      pkg::testing::wait_until([&] { return (answer = call(path)).status >= 400; }, path + " to be refused", 20s);
      EXPECT_EQ(answer.status, 503) << path << ": " << answer.body;
      EXPECT_TRUE(answer.headers.contains("retry-after")) << path;
      expect_problem(answer, path);
    }
  }

  void expect_all_goes_on(const std::string& pending) {
    for (const auto& service : mall.running()) {
      EXPECT_TRUE(mall.process(service).is_running()) << service;
      mall.await_ready(service);
    }
    await_order(shopper, pending, Order::READY, 60s);
    for (const std::string path : paths) {
      Answer answer;
      pkg::testing::wait_until([&] { return (answer = call(path)).status < 400; }, path + " to work", 20s);
      EXPECT_TRUE(answer.status == 200 || answer.status == 201) << path << ": " << answer.status << answer.body;
    }
    await_order(shopper, check_out(shopper, fill_basket(shopper, {{tea, 1}}), authorize(shopper, 500)), Order::READY, 30s);
    for (const auto& service : mall.running())
      EXPECT_EQ(mall.database(service).sql(
                    "select coalesce(string_agg(type || ': ' || why, '; '), '') from parked_messages where state = 'dead'"),
                "")
          << service;
  }

 private:
  int called_ = 0;
};

TEST_F(FaultyDatabase, ThatIsReadOnlyIsSaidToBeAwayForAWhile) {
  const auto read_only = [&](const std::string& service, const std::string& change) {
    const auto& database = mall.database(service);
    database.sql("alter database " + database.name() + " " + change);
    database.terminate_backends();
  };
  const auto pending = check_out(shopper, fill_basket(shopper, {{tea, 1}}), authorize(shopper, 500));
  for (const auto& service : mall.running()) read_only(service, "set default_transaction_read_only = on");
  std::map<std::string, std::string> before;
  for (const auto& service : mall.running()) before[service] = mall.contents(service);
  expect_unavailable();
  for (const auto& service : mall.running()) {
    EXPECT_EQ(mall.contents(service), before[service]) << service;
    EXPECT_TRUE(mall.process(service).is_running()) << service;
  }
  EXPECT_EQ(shopper.get("/products/" + tea).status, 200) << "reading goes on";
  for (const auto& service : mall.running()) read_only(service, "reset default_transaction_read_only");
  expect_all_goes_on(pending);
  await_stock(shopper, tea, 1'000, 998);
}

/// A server of its own, so small that it can be filled.
class FullDatabase : public FaultyDatabase {
 protected:
  static pkg::testing::PostgresServer* server() {
    static const auto small = pkg::testing::PostgresServer::start_on_a_small_disk(disk);
    return small.get();
  }
  FullDatabase() : FaultyDatabase(server()) {}
};

TEST_F(FullDatabase, IsSaidToBeAwayForAWhileAndTakesEverythingOnceThereIsRoom) {
  if (server() == nullptr) GTEST_SKIP() << "this machine lets nobody mount a disk";
  const auto& any = mall.database("search");
  any.sql("create table filler (bytes text); alter table filler alter bytes set storage external");
  const auto pending = check_out(shopper, fill_basket(shopper, {{tea, 1}}), authorize(shopper, 500));
  // By and by smaller, until not one page is left.
  any.sql(R"(do $$ declare size int := 4000000; begin
      while size > 1000 loop
        begin
          insert into filler select repeat('x', size);
        exception when disk_full then size := size / 2;
        end;
      end loop;
    end $$)");
  expect_unavailable();
  for (const auto& service : mall.running()) EXPECT_TRUE(mall.process(service).is_running()) << service;
  EXPECT_EQ(shopper.get("/products/" + tea).status, 200) << "reading goes on";
  any.sql("drop table filler");
  any.sql("checkpoint");
  expect_all_goes_on(pending);
  await_stock(shopper, tea, 1'000, 998);
}

}  // namespace
}  // namespace mall::testing
