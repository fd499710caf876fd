// Clients that are slow, idle, or never come to an end, by the thousand: the others are answered in time, memory stays bounded, and whoever
// is slow is let go.

#include <gtest/gtest.h>

#include <filesystem>
#include <thread>

#include "pkg/testing/wait.hpp"
#include "tests/mall/crowd.hpp"
#include "tests/mall/nginx.hpp"
#include "tests/mall/slow_client.hpp"

namespace mall::testing {
namespace {

using namespace std::chrono_literals;
using std::chrono::microseconds;
using Clock = std::chrono::steady_clock;

constexpr std::size_t kib_per_mib = 1024;

/// Somebody else, who asks again and again as long as this lives.
class Bystander {
 public:
  Bystander(const Visitor& who, std::string path)
      : thread_([this, &who, path = std::move(path)](const std::stop_token& stop) {
          while (!stop.stop_requested()) {
            const auto began = Clock::now();
            const auto answer = who.get(path);
            took_.push_back(std::chrono::duration_cast<microseconds>(Clock::now() - began));
            if (answer.status != 200) refused_ += std::to_string(answer.status) + ' ' + answer.body + '\n';
          }
        }) {}

  /// The test fails where anybody was kept waiting.
  void expect_answers_in_time(const std::string& meanwhile) {
    thread_.request_stop();
    thread_.join();
    EXPECT_GT(took_.size(), 1u) << meanwhile;
    EXPECT_EQ(refused_, "") << meanwhile;
    if (is_sanitized) return;
    EXPECT_LT(quantile(took_, 1), microseconds(2s)) << meanwhile;
  }

 private:
  std::vector<microseconds> took_;
  std::string refused_;
  std::jthread thread_;
};

/// stores is the one under attack.
class SlowClients : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    ASSERT_TRUE(allow_files(12'000)) << "a process may not have so many files open here";
    mall_ = std::make_unique<RunningMall>(
        MallOptions{.without = {"baskets", "ordering", "depot", "payments", "search", "notifications", "cosec"}});
    nginx_ = std::make_unique<Nginx>(*mall_);
  }
  static void TearDownTestSuite() {
    nginx_.reset();
    mall_.reset();
  }

  static inline std::unique_ptr<RunningMall> mall_;
  static inline std::unique_ptr<Nginx> nginx_;

  RunningMall& mall = *mall_;
  Nginx& nginx = *nginx_;
  const std::uint16_t port = mall.http_port("stores");
  const pid_t stores = mall.process("stores").pid();
  Storekeeper north{mall};
  const std::string product = "/products/" + north.add_product(500, 10);

  std::size_t files_of_stores() const {
    const std::filesystem::directory_iterator files("/proc/" + std::to_string(stores) + "/fd");
    return static_cast<std::size_t>(std::distance(begin(files), end(files)));
  }

  void expect_memory_below(std::size_t mib) const {
    if (is_sanitized) return;
    EXPECT_LT(memory_of(stores).peak / kib_per_mib, mib);
  }

  static std::vector<SlowClient> clients(std::size_t count, std::uint16_t port, std::string_view say) {
    std::vector<SlowClient> made;
    for (std::size_t i = 0; i < count; ++i) {
      made.emplace_back(port);
      made.back().send(say);
    }
    return made;
  }
  static std::size_t open_ones(const std::vector<SlowClient>& all) {
    return static_cast<std::size_t>(std::ranges::count_if(all, &SlowClient::is_open));
  }
};

const std::string begun = "GET /api/v1/stores HTTP/1.1\r\nHost: mall\r\nX-Slow: ";
const std::string announced =
    "POST /api/v1/stores HTTP/1.1\r\nHost: mall\r\nContent-Type: application/json\r\nContent-Length: 1048576\r\n\r\n";
const std::string in_chunks =
    "POST /api/v1/stores HTTP/1.1\r\nHost: mall\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n";

TEST_F(SlowClients, IdleByTheThousandsTakeNothingFromOthers) {
  Bystander direct(north.owner, product);
  const auto through = nginx.in_front_of(north.owner);
  Bystander in_front(through, product);
  const auto idle = clients(3'000, port, "");
  const auto idle_in_front = clients(4'000, nginx.port(), "");
  pkg::testing::wait_until([&] { return open_ones(idle) <= 1'024; }, "the longest idle ones to give way", 20s);
  EXPECT_GT(open_ones(idle), 900u) << "there was room for more";
  EXPECT_EQ(open_ones(idle_in_front), idle_in_front.size()) << "nginx has room for these";
  EXPECT_LT(files_of_stores(), 1'200u);
  direct.expect_answers_in_time("of thousands of idle connections");
  in_front.expect_answers_in_time("of thousands of idle connections in front");
  expect_memory_below(150);
}

TEST_F(SlowClients, ToAskByTheThousandsGiveWayToTheQuick) {
  Bystander direct(north.owner, product);
  const auto slow = clients(2'500, port, begun);
  pkg::testing::wait_until([&] { return open_ones(slow) <= 1'024; }, "the slowest to give way", 20s);
  const auto in_front = nginx.in_front_of(north.owner);
  Bystander through(in_front, product);
  const auto slow_in_front = clients(2'500, nginx.port(), begun);
  direct.expect_answers_in_time("of thousands who have begun to ask");
  through.expect_answers_in_time("of thousands who have begun to ask in front");
  expect_memory_below(150);
}

TEST_F(SlowClients, ToSendLargeBodiesTakeABoundedPartOfTheMemory) {
  const auto body = announced + std::string((1 << 20) - 1, ' ');
  Bystander direct(north.owner, product);
  std::vector<SlowClient> slow;
  for (int i = 0; i < 600; ++i) {
    slow.emplace_back(port);
    slow.back().send_all(body);
  }
  direct.expect_answers_in_time("of six hundred bodies of a megabyte each");
  // Calls with bodies are answered too.
  north.add_product(700, 1);
  expect_memory_below(250);
}

TEST_F(SlowClients, WithoutAnEndAreRefused) {
  Bystander direct(north.owner, product);
  const std::vector<std::pair<std::string, int>> beginnings{{in_chunks, 413}, {begun, 431}, {"GET /", 414}};
  const std::vector<std::string> rests{"10000\r\n" + std::string(0x10000, 'x') + "\r\n", "x\r\nX: " + std::string(1'000, 'y'),
                                       std::string(1'000, 'x')};
  on_threads(6, 6, [&](std::size_t n) {
    const auto i = n / 2;
    const bool in_front = n % 2 == 1;
    SlowClient without_end(in_front ? nginx.port() : port);
    without_end.send(beginnings[i].first);
    without_end.send_until_closed(rests[i], 15s);
    // Whoever stops behind the first byte too many hears why; nginx says it of bodies only.
    SlowClient client(in_front ? nginx.port() : port);
    client.send(beginnings[i].first);
    for (std::size_t sent = 0; sent < (i == 0 ? 2u << 20 : 40u << 10) && client.is_open(); sent += rests[i].size())
      client.send_all(rests[i]);
    const auto status = last_status(client.read_to_the_end(20s));
    const bool may_be_silent = in_front && i > 0;
    EXPECT_EQ(may_be_silent && status == 0 ? beginnings[i].second : status, beginnings[i].second) << (in_front ? "in front " : "") << i;
  });
  direct.expect_answers_in_time("of requests without an end");
  expect_memory_below(250);
}

TEST_F(SlowClients, AreLetGoAfterTheirTime) {
  const auto began = Clock::now();
  Bystander direct(north.owner, product);
  std::string many;
  for (int i = 0; i < 400; ++i) many += "GET /openapi.json HTTP/1.1\r\nHost: mall\r\n\r\n";
  SlowClient header(port), body(port), chunks(port), reader(port), header_in_front(nginx.port()), body_in_front(nginx.port());
  header.send(begun);
  body.send(announced + "{");
  chunks.send(in_chunks + "1\r\n{\r\n");
  reader.send(many);
  header_in_front.send(begun);
  body_in_front.send(announced + "{");
  // One that drips has no more time than one that has stopped.
  SlowClient dripping(port);
  dripping.send(begun);
  pkg::testing::wait_until(
      [&, next = Clock::now()]() mutable {
        if (Clock::now() < next) return false;
        next = Clock::now() + 500ms;
        return !dripping.send("x") || !dripping.is_open();
      },
      "the one that drips to be let go", 15s);
  EXPECT_EQ(last_status(header.read_to_the_end(5s)), 408);
  for (auto* client : {&header_in_front, &body_in_front}) {
    const auto status = last_status(client->read_to_the_end(10s));
    EXPECT_TRUE(status == 408 || status == 0) << status;
  }
  EXPECT_TRUE(body.is_open() && reader.is_open()) << "they have thirty seconds";
  EXPECT_EQ(last_status(body.read_to_the_end(30s)), 408);
  EXPECT_EQ(last_status(chunks.read_to_the_end(5s)), 408);
  // What was sent may still be read; then it is over.
  pkg::testing::wait_until([&] { return !reader.is_open(); }, "the slow reader to be let go", 20s);
  EXPECT_LT(Clock::now() - began, 60s);
  direct.expect_answers_in_time("of a few slow ones");
}

}  // namespace
}  // namespace mall::testing
