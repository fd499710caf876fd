// Messages that nobody can handle: they stop their own key and nothing else, the others go on as quickly as without them, and once the
// fault is mended a replay takes what waits to where it belongs, in order.

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <utility>

#include "pkg/agent/testing/neighbour.hpp"
#include "pkg/testing/wait.hpp"
#include "stores/storespb/messages.pb.h"
#include "tests/mall/crowd.hpp"
#include "tests/mall/share.hpp"

namespace mall::testing {
namespace {

using namespace std::chrono_literals;
using mallbots::stores::v1::ProductPriceIncreased;
using pkg::agent::testing::Neighbour;
using pkg::testing::Durability;
using pkg::testing::PostgresServer;

constexpr std::size_t products = 100;
constexpr std::size_t fours = is_sanitized ? 1 : 12, most_fours = 40, most_of_own_keys = 24;
const std::string channel = "mallbots.stores.events.Product";

long long in_ms(std::chrono::nanoseconds time) { return std::chrono::duration_cast<std::chrono::milliseconds>(time).count(); }

/// Messages as stores sends them, to search.
class Poison : public ::testing::Test {
 protected:
  const std::unique_ptr<PostgresServer> server = PostgresServer::start_private(Durability::as_delivered);
  RunningMall mall{{.without = {"baskets", "ordering", "depot", "payments", "notifications", "cosec"}, .server = server.get()}};
  Storekeeper north{mall};
  Neighbour stores{mall.nats.url(), {}};
  std::vector<std::string> teas;  ///< and one more of them, for when one is poisoned
  std::set<std::string> poisoned;  ///< whose handler fails
  std::size_t raises = 10;  ///< of each price, in a round
  std::int64_t price = 1'000;
  std::optional<std::int64_t> price_if_poisoned;
  std::uint64_t version = 1;

  void SetUp() override { grow(products + 1); }

  /// What a handler does that has a mistake in it: always the same failure, for some of the things.
  void plant_a_mistake() {
    // There is always something to look through, so that looking costs the same with poison and without.
    sql("create table poisoned (product_id uuid primary key); insert into poisoned values (gen_random_uuid());"
        "create function fail() returns trigger language plpgsql as $$ begin"
        "  if exists (select from poisoned p where p.product_id = new.product_id) then raise exception 'a planted mistake'; end if;"
        "  return new; end $$;"
        "create trigger fails before insert or update on products for each row execute function fail()");
  }

  void grow(std::size_t size) {
    while (teas.size() < size) teas.push_back(north.add_product(price, -1));
    pkg::testing::wait_until([&] { return sql("select count(*) from products") == std::to_string(size); }, "search to know the products",
                             60s);
  }

  std::vector<std::string> all_but(const std::string& product) const {
    auto others = teas;
    std::erase(others, product);
    return others;
  }

  std::string sql(const std::string& statements) const { return mall.database("search").sql(statements); }

  void poison(const std::string& product) {
    poisoned.insert(product);
    sql("insert into poisoned values ('" + product + "')");
  }

  pkg::messaging::Message raised(const std::string& product) {
    ProductPriceIncreased event;
    event.set_product_id(product);
    event.mutable_price()->set_currency("EUR");
    event.mutable_price()->set_minor_units(poisoned.contains(product) ? price_if_poisoned.value_or(price) : price);
    return stores.event(channel, product, version, event);
  }

  std::size_t at_the_last_price() const {
    return std::stoul(sql("select count(*) from products where price_minor = " + std::to_string(price)));
  }

  struct Cost {
    std::chrono::nanoseconds wall{};
    std::chrono::nanoseconds cpu{};
  };

  /// What it costs search to handle what has gathered: these prices raised so many times. The time is that between its own transactions.
  Cost catch_up(std::span<const std::string> raised_ones) {
    for (const auto* table : {"products", "inbox", "parked_messages"}) sql(std::string("vacuum ") + table);  // what rounds leave adds up
    const auto search = mall.process("search").pid();
    mall.process("search").pause();
    for (std::size_t raise = 0; raise < raises; ++raise) {
      ++price;
      ++version;
      for (const auto& product : raised_ones) stores.send(raised(product));
    }
    const auto since = sql("select clock_timestamp()");
    const auto cpu = cpu_time_of(search);
    const auto healthy =
        static_cast<std::size_t>(std::ranges::count_if(raised_ones, [&](const auto& product) { return !poisoned.contains(product); }));
    mall.process("search").resume();
    pkg::testing::wait_until([&] { return at_the_last_price() == healthy; }, "the healthy ones to be handled", 60s);
    const auto used = cpu_time_of(search) - cpu;
    const auto took =
        sql("select (extract(epoch from max(received_at) - min(received_at)) * 1000000)::bigint from inbox where received_at > '" + since +
            "'");
    return {std::chrono::microseconds(std::stoll(took)), used};
  }

  /// Two of each kind, and those with poison in the middle: what is slow for a while is so for both.
  struct Four {
    Cost clean, with_poison;
  };
  static Four four_rounds(const std::function<Cost()>& clean, const std::function<Cost()>& with_poison) {
    Four four;
    const auto add = [](Cost& sum, const Cost& cost) {
      sum.wall += cost.wall;
      sum.cpu += cost.cpu;
    };
    add(four.clean, clean());
    add(four.with_poison, with_poison());
    add(four.with_poison, with_poison());
    add(four.clean, clean());
    std::printf("four clean %lld %lld poisoned %lld %lld\n", in_ms(four.clean.wall), in_ms(four.clean.cpu), in_ms(four.with_poison.wall),
                in_ms(four.with_poison.cpu));
    return four;
  }

  /// Fails where poison holds up the healthy ones. Where the two are too far apart for the bound, noise is given more rounds to even out.
  static void expect_hardly_slower(const std::function<Cost()>& clean, const std::function<Cost()>& with_poison) {
    std::vector<Four> all;
    double by_time = 0, by_cpu = 0;
    const auto is_within = [&] { return by_time > 95 && by_cpu > 95; };
    while (all.size() < fours || (all.size() < most_fours && !is_sanitized && !is_within())) {
      all.push_back(four_rounds(clean, with_poison));
      by_time = middle_of(all, &Cost::wall);
      by_cpu = middle_of(all, &Cost::cpu);
    }
    std::printf(
        "with one in a hundred poisoned %.1f %% is handled in the same time, %.1f %% in the same processor time (the middle of %zu)\n",
        by_time, by_cpu, all.size());
    if (is_sanitized) return;
    EXPECT_GT(by_time, 95) << "the healthy ones were held up";
    EXPECT_GT(by_cpu, 95) << "the healthy ones cost more than without poison";
  }

  /// What is left with poison of what is done without, in per cent: of all fours the middle one.
  static double middle_of(std::vector<Four> all, std::chrono::nanoseconds Cost::* cost) {
    const auto left = [&](const Four& four) {
      return 100.0 * static_cast<double>((four.clean.*cost).count()) / static_cast<double>((four.with_poison.*cost).count());
    };
    std::ranges::nth_element(all, all.begin() + static_cast<std::ptrdiff_t>(all.size() / 2), {}, left);
    return left(all[all.size() / 2]);
  }
};

TEST_F(Poison, StopsItsOwnKeyOnlyAndAReplayHealsIt) {
  plant_a_mistake();
  const std::string poisoned_one = teas[products / 2], healthy_one = teas[products / 2 + 1];  // in the middle of what is handled together
  poison(poisoned_one);
  catch_up(all_but(healthy_one));  // what its first message costs is the next test's matter
  // The same messages but for one key of a hundred.
  expect_hardly_slower([&] { return catch_up(all_but(poisoned_one)); }, [&] { return catch_up(all_but(healthy_one)); });

  for (const std::size_t at : {20, 80}) poison(teas[at]);
  catch_up(all_but(healthy_one));
  EXPECT_EQ(sql("select count(distinct key) from parked_messages"), std::to_string(poisoned.size())) << "other keys wait too";
  EXPECT_EQ(sql("select count(*) from parked_messages where state = 'waiting' and attempts = 0 and position in "
                "(select min(position) from parked_messages group by key)"),
            "0")
      << "the first of each was tried";

  // The mistake is mended; what waits is tried again in its order.
  sql("drop trigger fails on products; create table seen (at bigserial, product_id uuid, version bigint);"
      "create function note() returns trigger language plpgsql as $$ begin"
      "  insert into seen (product_id, version) values (new.product_id, new.price_version); return new; end $$;"
      "create trigger notes after update on products for each row execute function note();"
      "update parked_messages set state = 'waiting', attempts = 0, next_attempt_at = now()"
      "  where position in (select min(position) from parked_messages group by channel, key)");
  pkg::testing::wait_until([&] { return sql("select count(*) from parked_messages") == "0"; }, "the parked ones to be handled", 60s);
  poisoned.clear();
  EXPECT_EQ(at_the_last_price(), products);
  EXPECT_EQ(sql("select count(*) from (select version, lag(version) over (partition by product_id order by at) as before from seen) s "
                "where version < before"),
            "0")
      << "handled out of order";
  mall.await_ready("search");
}

// Each one is the first that fails of its key: nothing tells before that it will.
TEST_F(Poison, HardlySlowsTheOthersThoughEachIsOfAKeyOfItsOwn) {
  constexpr std::size_t size = 1'000, step = 100;
  raises = 1;
  price_if_poisoned = 1;  // which is a mistake of the message, and found by the database
  sql("alter table products add constraint plausible check (price_minor >= 1000)");
  grow(size + size / step * 3 * (is_sanitized ? fours : most_of_own_keys));
  std::size_t used = 0;  // up from the end: who has failed before is another case
  // A failing message makes search handle batches with more care for a while. The round in which that begins or ends is counted to neither.
  bool is_calm = true;
  const auto raise_all = [&] { return catch_up(std::span(teas).first(size)); };
  const auto clean = [&] {
    if (!std::exchange(is_calm, true)) raise_all();
    return raise_all();
  };
  const auto raise_with_poison = [&] {
    const std::size_t first = (step / 2 + used) % step;
    for (std::size_t at = first; at < size; at += step) poisoned.insert(teas[at]);
    const Cost cost = raise_all();
    pkg::testing::wait_until([&] { return sql("select count(*) from parked_messages") == std::to_string(size / step); },
                             "all poison to be parked");
    sql("delete from parked_messages");
    for (std::size_t at = first; at < size; at += step) std::swap(teas[at], teas[teas.size() - ++used]);
    poisoned.clear();
    return cost;
  };
  const auto with_poison = [&] {
    if (std::exchange(is_calm, false)) raise_with_poison();
    return raise_with_poison();
  };
  // It is little more than the bound allows, and rounds differ by more: so what they say counts within twice its standard error.
  Share left;
  while (left.size() < fours || (left.size() < most_of_own_keys && !is_sanitized && left.least() < 95)) {
    const Four four = four_rounds(clean, with_poison);
    left.add(static_cast<double>(four.with_poison.wall.count()) / static_cast<double>(four.clean.wall.count()));
  }
  std::printf("with one in a hundred poisoned, each of its own key, %.1f to %.1f %% is handled in the same time (%zu fours)\n",
              left.least(), left.most(), left.size());
  if (!is_sanitized) {
    EXPECT_GT(left.most(), 95) << "the healthy ones were held up";
  }
}

TEST_F(Poison, ThatNobodyCanReadIsKeptAndItsKeyGoesOnWhenItIsGivenUp) {
  auto unreadable = raised(teas[0]);
  unreadable.payload = "\xff\xff\xff";
  ++version;
  ++price;
  stores.send(unreadable);
  const auto dead = [&](const std::string& key) {
    return sql("select count(*) from parked_messages where state = 'dead' and key = '" + key + "'");
  };
  pkg::testing::wait_until([&] { return dead(teas[0]) == "1"; }, "it to be found dead");
  for (const auto& product : teas) stores.send(raised(product));
  pkg::testing::wait_until(
      [&] { return sql("select count(*) from products where price_minor = " + std::to_string(price)) == std::to_string(products); },
      "all others to be handled");
  pkg::testing::wait_until([&] { return sql("select count(*) from parked_messages where key = '" + teas[0] + "'") == "2"; },
                           "the next of its key to wait behind it");
  sql("delete from parked_messages where state = 'dead'");
  pkg::testing::wait_until([&] { return at_the_last_price() == teas.size(); }, "the next of its key to be handled", 60s);
  EXPECT_EQ(sql("select count(*) from parked_messages"), "0");
}

}  // namespace
}  // namespace mall::testing
