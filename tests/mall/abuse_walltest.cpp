// What a caller can send to harm: every route of every service, every field, and the bytes below.

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <set>

#include "pkg/rest/testing/raw_client.hpp"
#include "tests/mall/attacks.hpp"
#include "tests/mall/world.hpp"

namespace mall::testing {
namespace {

using google::protobuf::Message;
using pkg::rest::testing::RawAnswer;
using pkg::rest::testing::RawClient;

Answer read(RawAnswer raw) {
  Answer answer{raw.status, std::move(raw.body), {}};
  for (auto& [name, value] : raw.headers) {
    std::string lower = name;
    std::ranges::transform(lower, lower.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    answer.headers[lower] = value;
  }
  return answer;
}

class Abuse : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    world_ = std::make_unique<World>();
    world_->make_anew(true);
  }
  static void TearDownTestSuite() { world_.reset(); }

  /// Somebody whose calls get as far as they can, and who does not shut Anna out by them.
  static const Visitor& caller_of(const Rpc& rpc) {
    if (rpc.name == "users.UpdateMe") return world_->stranger;
    return rpc.gate == Gate::roles && rpc.service != "stores" ? world_->an_operator : world_->anna;
  }

  static Answer send(const Rpc& rpc, const Attack& attack) {
    std::string bytes = attack.verb + " " + attack.target + " HTTP/1.1\r\nHost: mall\r\nConnection: close\r\n" + attack.headers +
                        "Authorization: Bearer " + caller_of(rpc).token() + "\r\n";
    if (!attack.body.empty()) bytes += "Content-Length: " + std::to_string(attack.body.size()) + "\r\n";
    return read(RawClient(world_->mall.http_port(rpc.service)).ask(bytes + "\r\n" + attack.body));
  }

  static void expect_refused(const Attack& attack, const Answer& answer) {
    EXPECT_TRUE(answer.status >= 400 && answer.status < 500) << attack.what << ": " << answer.status << " " << answer.body;
    EXPECT_EQ(answer.status, attack.status == 0 ? answer.status : attack.status) << attack.what << ": " << answer.body;
    EXPECT_EQ(answer.headers.contains("allow"), answer.status == 405) << attack.what;
    expect_problem(answer, attack.what);
  }

  static std::vector<const Rpc*> routes_of(const std::string& service) {
    std::vector<const Rpc*> routes;
    for (const auto& rpc : all_rpcs()) {
      if (rpc.service == service && rpc.is_rest()) routes.push_back(&rpc);
    }
    return routes;
  }

  static inline std::unique_ptr<World> world_;
};

TEST_F(Abuse, ByCallsThatCannotBeUnderstoodIsRefusedAndStoresNothing) {
  int sent = 0;
  for (const auto& service : RunningMall::service_names()) {
    std::vector<std::pair<const Rpc*, std::unique_ptr<Message>>> good;
    for (const auto* rpc : routes_of(service)) good.emplace_back(rpc, good_request(rpc->name, *world_));
    const auto before = world_->contents_at_rest(service);
    for (const auto& [rpc, request] : good) {
      SCOPED_TRACE(rpc->name);
      for (const auto& attack : malformed_calls(*rpc, *request)) {
        expect_refused(attack, send(*rpc, attack));
        ++sent;
      }
    }
    EXPECT_EQ(world_->contents_at_rest(service), before) << service;
  }
  EXPECT_GT(sent, 3'000);
  world_->expect_alive();
}

using Send = std::function<Answer(const Attack&)>;

/// The calls that were refused. Those that go well may have changed the thing they are about: then there is another one for the next.
std::set<std::size_t> refused_ones(World& world, const Rpc& rpc, const Send& send) {
  std::set<std::size_t> refused;
  auto attacks = strange_calls(rpc, *good_request(rpc.name, world));
  for (std::size_t i = 0; i < attacks.size(); ++i) {
    const auto answer = send(attacks[i]);
    EXPECT_TRUE(answer.status >= 200 && answer.status < 500) << attacks[i].what << ": " << answer.status << " " << answer.body;
    if (answer.status >= 400) {
      expect_problem(answer, attacks[i].what);
      refused.insert(i);
    } else if (rpc.verb != "GET") {
      attacks = strange_calls(rpc, *good_request(rpc.name, world));
    }
  }
  return refused;
}

/// Once more, about another thing, those that are refused: not one of them may leave anything behind.
void expect_nothing_stored(World& world, const Rpc& rpc, const std::set<std::size_t>& refused, const Send& send) {
  const auto attacks = strange_calls(rpc, *good_request(rpc.name, world));
  const auto before = world.contents_at_rest(rpc.service);
  for (const auto i : refused) EXPECT_GE(send(attacks.at(i)).status, 400) << attacks[i].what;
  EXPECT_EQ(world.contents(rpc.service), before);
}

void expect_no_harm(World& world, const Rpc& rpc, const Send& send) {
  SCOPED_TRACE(rpc.name);
  const auto refused = refused_ones(world, rpc, send);
  if (rpc.verb != "GET") expect_nothing_stored(world, rpc, refused, send);
}

TEST_F(Abuse, ByStrangeButWellFormedCallsIsAllowedOrRefusedAndNothingBetween) {
  for (const auto& rpc : all_rpcs()) {
    if (rpc.is_rest()) expect_no_harm(*world_, rpc, [&](const Attack& attack) { return send(rpc, attack); });
  }
  world_->expect_alive();
}

TEST_F(Abuse, OfPageTokensShowsNothingElse) {
  int lists = 0;
  for (const auto& rpc : all_rpcs()) {
    const auto* token_field = rpc.method->output_type()->FindFieldByName("next_page_token");
    if (token_field == nullptr) continue;
    SCOPED_TRACE(rpc.name);
    const auto good = speak(rpc, *good_request(rpc.name, *world_));
    const auto first = good.path + (good.query.empty() ? "?" : good.query + "&") + "pageSize=1";
    const auto page = send(rpc, {"the first page", "GET", first});
    ASSERT_EQ(page.status, 200) << page.body;
    const auto token = page.text("nextPageToken");
    if (token.empty()) continue;  // this list has one thing at most here
    ++lists;
    EXPECT_EQ(send(rpc, {"the second page", "GET", first + "&pageToken=" + percent_encoded(token)}).status, 200);
    std::vector<std::string> tampered{token + token, token.substr(1), token.substr(0, token.size() / 2), token + "A", token + "="};
    for (std::size_t at = 0; at < token.size(); ++at) {
      tampered.push_back(token);
      tampered.back()[at] = tampered.back()[at] == 'Q' ? 'R' : 'Q';
    }
    for (const auto& other : tampered) {
      const auto answer = send(rpc, {"tampered", "GET", first + "&pageToken=" + percent_encoded(other)});
      EXPECT_TRUE(answer.status == 200 || answer.status == 400) << other << ": " << answer.status << " " << answer.body;
      if (answer.status != 200) expect_problem(answer, "a tampered page token");
    }
  }
  EXPECT_GE(lists, 6);
  world_->expect_alive();
}

struct RawAttack {
  const char* what;
  std::string bytes;
  int status = 0;  ///< 0: any refusal, or a closed connection
};

std::vector<RawAttack> raw_attacks() {
  const std::string get = "GET /liveness HTTP/1.1\r\nHost: mall\r\n";
  const std::string post = "POST /api/v1/x HTTP/1.1\r\nHost: mall\r\nContent-Type: application/json\r\n";
  std::string many_headers = get;
  for (int i = 0; i < 5'000; ++i) many_headers += "X-" + std::to_string(i) + ": y\r\n";
  std::string many_chunks = post + "Transfer-Encoding: chunked\r\n\r\n";
  for (int i = 0; i < 20; ++i) many_chunks += "20000\r\n" + std::string(0x20000, 'x') + "\r\n";
  return {{"rubbish", "rubbish\r\n\r\n", 400},
          {"zero bytes", std::string(64, '\0') + "\r\n\r\n", 400},
          {"TLS", std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11) + "\r\n\r\n", 400},
          {"HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"},
          {"HTTP/9.9", "GET /liveness HTTP/9.9\r\nHost: mall\r\n\r\n"},
          {"no version", "GET /liveness\r\n\r\n", 400},
          {"no Host", "GET /liveness HTTP/1.1\r\n\r\n", 400},
          {"two Hosts", get + "Host: other\r\n\r\n", 400},
          {"a negative length", post + "Content-Length: -1\r\n\r\n", 400},
          {"a length in words", post + "Content-Length: ten\r\n\r\n", 400},
          {"a length beyond all numbers", post + "Content-Length: 99999999999999999999\r\n\r\n"},
          {"two lengths", post + "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}x", 400},
          {"length and chunks", post + "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
          {"an unknown encoding", post + "Transfer-Encoding: gzip\r\n\r\n"},
          {"chunks of no number", post + "Transfer-Encoding: chunked\r\n\r\nzz\r\nx\r\n", 400},
          {"a chunk beyond all numbers", post + "Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFF\r\nx\r\n"},
          {"a chunk without its end", post + "Transfer-Encoding: chunked\r\n\r\n2\r\n{}xx\r\n0\r\n\r\n", 400},
          {"2.5 MiB in chunks", many_chunks, 413},
          {"10 MiB", post + "Content-Length: 10485760\r\n\r\n" + std::string(10 << 20, 'x'), 413},
          {"10 MiB announced", post + "Content-Length: 10485760\r\n\r\n", 413},
          {"5 000 headers", many_headers + "\r\n", 431},
          {"a header of 64 KiB", get + "X-Long: " + std::string(64 << 10, 'x') + "\r\n\r\n", 431},
          {"an address of 9 000 letters", "GET /" + std::string(9'000, 'x') + " HTTP/1.1\r\nHost: mall\r\n\r\n", 414},
          {"an address of 64 KiB", "GET /" + std::string(64 << 10, 'x') + " HTTP/1.1\r\nHost: mall\r\n\r\n", 414},
          {"a blank in a header's name", get + "X Y: z\r\n\r\n", 400},
          {"a zero byte in a header", get + std::string("X: a\0b\r\n\r\n", 10), 400},
          {"a header without a colon", get + "nonsense\r\n\r\n", 400},
          {"an unknown expectation", post + "Expect: a-miracle\r\nContent-Length: 2\r\n\r\n{}", 417},
          {"a smuggled request", post + "Content-Length: 4\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\nGET /metrics HTTP/1.1\r\n\r\n"}};
}

TEST_F(Abuse, OfTheProtocolEndsInARefusalOrTheConnectionsEnd) {
  const auto attacks = raw_attacks();
  std::map<std::string, std::unique_ptr<RawClient>> slow;
  for (const auto& service : RunningMall::service_names()) {
    slow[service] = std::make_unique<RawClient>(world_->mall.http_port(service));
    EXPECT_TRUE(slow[service]->send("GET /liveness HTTP/1.1\r\nHo"));
  }
  for (const auto& service : RunningMall::service_names()) {
    SCOPED_TRACE(service);
    const auto port = world_->mall.http_port(service);
    for (const auto& [what, bytes, status] : attacks) {
      RawClient client(port);
      client.send(bytes);  // the other side may have closed before all is sent
      const auto raw = client.receive();
      if (!raw) {
        EXPECT_EQ(status, 0) << what << ": no answer";
        continue;
      }
      const auto answer = read(*raw);
      EXPECT_TRUE(status != 0 ? answer.status == status : answer.status >= 400 && answer.status != 500 && answer.status != 503)
          << what << ": " << answer.status << " " << answer.body;
      expect_problem(answer, what);
    }
    // A length that lies: more is announced than comes, and the caller goes away.
    RawClient(port).send("POST /api/v1/x HTTP/1.1\r\nHost: mall\r\nContent-Length: 1000\r\n\r\n{");
    // And less: what follows is no request.
    RawClient liar(port);
    liar.send("GET /liveness HTTP/1.1\r\nHost: mall\r\nContent-Length: 1\r\n\r\nxyz\r\n\r\n");
    EXPECT_EQ(liar.receive().value_or(RawAnswer{}).status, 200);
    EXPECT_EQ(liar.receive().value_or(RawAnswer{}).status, 400);
    EXPECT_TRUE(liar.is_closed());
  }
  for (auto& [service, client] : slow) {
    auto answer = client->receive();
    if (!answer) answer = client->receive();  // one receive waits as long as the service does
    EXPECT_EQ(answer.value_or(RawAnswer{}).status, 408) << service;
  }
  world_->expect_alive();
}

TEST_F(Abuse, LeavesEveryRouteAnswering) {
  for (const auto& rpc : all_rpcs()) {
    if (!rpc.is_rest() || rpc.name == "depot.AssignShoppingList") continue;
    const auto good = speak(rpc, *good_request(rpc.name, *world_));
    const auto answer = caller_of(rpc).ask(rpc.verb, good.path + good.query, good.body);
    EXPECT_TRUE(answer.status == 200 || answer.status == 201) << rpc.name << ": " << answer.status << " " << answer.body;
  }
}

}  // namespace
}  // namespace mall::testing
