#include <semaphore>

#include "pkg/rest/testing/server_fixture.hpp"
#include "pkg/testing/wait.hpp"

namespace pkg::rest::testing {
namespace {

using pkg::testing::wait_until;
using ::testing::HasSubstr;
using ::testing::StartsWith;

const std::string wait_path = "/api/v1/files/wait";

TEST_F(ServerTest, KeepsAConnectionForManyRequests) {
  start();
  RawClient client(server_->port());
  for (int i = 0; i < 50; ++i)
    ASSERT_THAT(client.ask(get("/api/v1/shelves/n" + std::to_string(i))).body, HasSubstr("n" + std::to_string(i)));
  EXPECT_EQ(server_->connections(), 1u);
  EXPECT_EQ(client.ask(get("/liveness", "Connection: close\r\n")).headers["Connection"], "close");
  EXPECT_TRUE(client.is_closed());
}

TEST_F(ServerTest, AnswersPipelinedRequestsInTheirOrder) {
  start();
  RawClient client(server_->port());
  std::string all;
  for (int i = 0; i < 20; ++i) {
    all += get("/api/v1/shelves/a" + std::to_string(i)) + post("/api/v1/shelves/b" + std::to_string(i) + ":paint", R"({"color":"RED"})") +
           get("/liveness");
  }
  ASSERT_TRUE(client.send(all));
  for (int i = 0; i < 20; ++i) {
    EXPECT_THAT(client.receive()->body, HasSubstr("\\\"a" + std::to_string(i) + "\\\""));
    EXPECT_THAT(client.receive()->body, HasSubstr("\\\"b" + std::to_string(i) + "\\\""));
    EXPECT_EQ(client.receive()->body, "ok");
  }
}

TEST_F(ServerTest, TakesARequestInPiecesOfAByte) {
  start();
  RawClient client(server_->port());
  for (const char c : post("/api/v1/shelves/x:paint", R"({"color":"RED"})")) ASSERT_TRUE(client.send({&c, 1}));
  EXPECT_EQ(client.receive()->status, 200);
}

TEST_F(ServerTest, AnswersHeadWithoutABody) {
  start();
  RawClient client(server_->port());
  ASSERT_TRUE(client.send("HEAD /api/v1/shelves/x HTTP/1.1\r\nHost: x\r\n\r\n" + get("/liveness")));
  const auto head = client.receive(true);
  EXPECT_EQ(head->status, 200);
  EXPECT_GT(std::stoi(head->headers.at("Content-Length")), 10);
  EXPECT_EQ(head->headers.at("ETag"), "\"7\"");
  EXPECT_EQ(client.receive()->body, "ok");
}

TEST_F(ServerTest, TakesChunkedBodies) {
  start();
  RawClient client(server_->port());
  const std::string head =
      "POST /api/v1/shelves/x:paint HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n";
  EXPECT_THAT(client.ask(head + "6;ext=1\r\n{\"colo\r\n9\r\nr\":\"RED\"}\r\n0\r\nTrailer: x\r\n\r\n").body, HasSubstr("color: RED"));
  EXPECT_EQ(client.ask(get("/liveness")).body, "ok") << "the next request was not found behind the chunks";
}

TEST_F(ServerTest, InvitesTheBodyThatIsAnnounced) {
  start();
  RawClient client(server_->port());
  const std::string head = "POST /api/v1/shelves/x:paint HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n";
  EXPECT_EQ(client.ask(head + "Content-Length: 15\r\nExpect: 100-continue\r\n\r\n").status, 100);
  EXPECT_EQ(client.ask(R"({"color":"RED"})").status, 200);
  EXPECT_EQ(client.ask(head + "Content-Length: 10485760\r\nExpect: 100-continue\r\n\r\n").status, 413) << "a body that will be refused";
}

TEST_F(ServerTest, SpeaksHttp10) {
  start();
  RawClient once(server_->port());
  EXPECT_EQ(once.ask("GET /liveness HTTP/1.0\r\n\r\n").body, "ok");
  EXPECT_TRUE(once.is_closed());
  RawClient kept(server_->port());
  EXPECT_EQ(kept.ask("GET /liveness HTTP/1.0\r\nConnection: keep-alive\r\n\r\n").headers["Connection"], "keep-alive");
  EXPECT_EQ(kept.ask("GET http://x/liveness HTTP/1.0\r\n\r\n").body, "ok");
}

TEST_F(ServerTest, RefusesWhatIsNotHttpAndClosesTheConnection) {
  start();
  const std::string big(20 * 1024, 'x');
  struct Case {
    std::string sent;
    int status;
  };
  const std::string post_head = "POST /api/v1/shelves/x:paint HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n";
  for (const auto& [sent, status] : {
           Case{"\x16\x03\x01\x02\x01\x01\x01\xfc\x03\x03 TLS\r\n\r\n", 400},
           Case{"hello\r\n\r\n", 400},
           Case{"GET /liveness HTTP/1.1\r\n\r\n", 400},
           Case{"GET /liveness HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400},
           Case{"GET /liveness HTTP/1.1\r\nHost : x\r\n\r\n", 400},
           Case{"GET /liveness HTTP/2.0\r\nHost: x\r\n\r\n", 505},
           Case{"GET /live ness HTTP/1.1\r\nHost: x\r\n\r\n", 505},
           Case{"GET /" + big + " HTTP/1.1\r\nHost: x\r\n\r\n", 414},
           Case{"GET /" + big.substr(0, 9000) + " HTTP/1.1\r\nHost: x\r\n\r\n", 414},
           Case{get("/liveness", "A: " + big + "\r\n"), 431},
           Case{post_head + "Content-Length: x\r\n\r\n", 400},
           Case{post_head + "Content-Length: -1\r\n\r\n", 400},
           Case{post_head + "Content-Length: 99999999999999999999999\r\n\r\n", 400},
           Case{post_head + "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}", 400},
           Case{post_head + "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}", 400},
           Case{post_head + "Transfer-Encoding: gzip\r\n\r\n{}", 501},
           Case{post_head + "Transfer-Encoding: chunked\r\n\r\nzz\r\n", 400},
           Case{post_head + "Content-Length: 2\r\nExpect: magic\r\n\r\n{}", 417},
           Case{post_head + "Content-Length: 1048577\r\n\r\n", 413},
           Case{post_head + "Transfer-Encoding: chunked\r\n\r\n200000\r\n", 413},
       }) {
    RawClient client(server_->port());
    const auto answer = client.ask(sent);
    EXPECT_EQ(answer.status, status) << sent.substr(0, 150) << answer.body;
    if (answer.status == 0) continue;
    EXPECT_EQ(answer.headers.at("Content-Type"), "application/problem+json");
    EXPECT_EQ(answer.headers.at("Connection"), "close");
    EXPECT_TRUE(client.is_closed()) << sent.substr(0, 150);
  }
}

TEST_F(ServerTest, RefusesABodyOfTenMebibytesWithAnAnswerThatArrives) {
  start();
  RawClient client(server_->port());
  (void)client.send(post("/api/v1/shelves/x:paint", std::string(10 << 20, ' ')));
  const auto answer = client.receive();
  ASSERT_TRUE(answer) << "the answer was lost";
  EXPECT_EQ(answer->status, 413);
  EXPECT_THAT(answer->body, HasSubstr("body_too_large"));
}

TEST_F(ServerTest, TakesABodyOfTheLargestSizeAndRefusesDeepNesting) {
  start();
  RawClient client(server_->port());
  EXPECT_EQ(client.ask(post("/api/v1/shelves/x:paint", R"({"color":"RED"})" + std::string((1 << 20) - 15, ' '))).status, 200);
  EXPECT_EQ(client.ask(post("/api/v1/shelves/x:paint", std::string(1 << 20, '['))).status, 400);
  std::string nested;
  for (int i = 0; i < 100'000; ++i) nested += R"({"a":)";
  EXPECT_EQ(client.ask(post("/api/v1/shelves/x:paint", nested)).status, 400);
}

TEST_F(ServerTest, DecodesAddressesAndAnswersUnknownOnesWithAProblem) {
  start();
  RawClient client(server_->port());
  EXPECT_THAT(client.ask(get("/api/v1/shelves/a%2Fb%20c?room=%C3%A9")).body, HasSubstr(R"(id: \"a/b c\" room: \"\\303\\251\")"));
  const auto unknown = client.ask(get("/nowhere", "X-Request-Id: my-1\r\n"));
  EXPECT_EQ(unknown.status, 404);
  EXPECT_THAT(unknown.body, HasSubstr(R"("traceId":"my-1")"));
  EXPECT_EQ(unknown.headers.at("X-Request-Id"), "my-1");
  const auto wrong = client.ask("PUT /api/v1/shelves/mine HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n");
  EXPECT_EQ(wrong.status, 405);
  EXPECT_EQ(wrong.headers.at("Allow"), "GET, HEAD");
  EXPECT_EQ(
      client.ask("POST /api/v1/shelves/x:paint HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\n{}").status,
      415);
}

TEST_F(ServerTest, TiesTheCallToTheRequest) {
  start();
  RawClient client(server_->port());
  EXPECT_THAT(client.ask(get("/api/v1/shelves/x", "X-Request-Id: abc.1_2-3\r\n")).body, HasSubstr("|abc.1_2-3|"));
  const auto replaced = client.ask(get("/api/v1/shelves/x", "X-Request-Id: a b\r\n"));
  EXPECT_EQ(replaced.headers.at("X-Request-Id"), "00000000-0000-7000-8000-000000000001");
  const std::string traceparent = "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\r\n";
  EXPECT_THAT(client.ask(get("/nowhere", traceparent)).body, HasSubstr(R"("traceId":"0af7651916cd43dd8448eb211c80319c")"));
  ASSERT_TRUE(wait_until([this] { return log().size() == 3; }, "three lines in the log"));
  EXPECT_EQ(log()[0], "GET /api/v1/shelves/{id} 200 abc.1_2-3");
  EXPECT_THAT(log()[2], StartsWith("GET  404 "));
}

TEST_F(ServerTest, AnswersTooSlowRequestsAndClosesIdleConnections) {
  start({.header_time = 60ms, .body_time = 60ms, .idle_time = 60ms});
  RawClient loris(server_->port());
  RawClient body(server_->port());
  RawClient idle(server_->port());
  ASSERT_TRUE(loris.send("GET /liveness HTTP/1.1\r\nHost: x\r\nX-A: "));
  ASSERT_TRUE(body.send("POST /api/v1/shelves/x:paint HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n{"));
  EXPECT_EQ(loris.receive()->status, 408);
  EXPECT_EQ(body.receive()->status, 408);
  EXPECT_TRUE(loris.is_closed());
  EXPECT_TRUE(idle.is_closed());
}

TEST_F(ServerTest, IsNotHeldUpByManySlowClients) {
  start({.header_time = 300ms});
  std::vector<std::unique_ptr<RawClient>> slow;
  for (int i = 0; i < 100; ++i) {
    slow.push_back(std::make_unique<RawClient>(server_->port()));
    ASSERT_TRUE(slow.back()->send("GET /liveness HTTP/1.1\r\nX: "));
  }
  RawClient client(server_->port());
  EXPECT_EQ(client.ask(get("/api/v1/shelves/x")).status, 200);
  for (auto& one : slow) EXPECT_EQ(one->receive()->status, 408);
}

TEST_F(ServerTest, ClosesOnAClientThatDoesNotRead) {
  static const std::string large(64 << 20, 'x');
  site_.add_get("/large", [](const Request&) { return Response{.content_type = "text/plain", .static_body = large}; });
  start({.write_time = 60ms});
  RawClient client(server_->port());
  ASSERT_TRUE(client.send(get("/large")));
  wait_until([this] { return log().size() == 1 && server_->connections() == 0; }, "the connection to be closed");
}

TEST_F(ServerTest, SurvivesClientsThatGoAwayAtAnyPoint) {
  start();
  const std::string whole = post("/api/v1/shelves/x:paint", R"({"color":"RED"})");
  for (std::size_t length = 0; length <= whole.size(); length += 7) {
    RawClient client(server_->port());
    ASSERT_TRUE(client.send(whole.substr(0, length)));
  }
  {
    RawClient client(server_->port());
    ASSERT_TRUE(client.send(get(wait_path)));
    ASSERT_TRUE(waiting_.try_acquire_for(10s)) << "the call never began";
  }
  go_on_.release();
  wait_until([this] { return server_->connections() == 0; }, "all connections to be closed");
}

TEST_F(ServerTest, SaysThatItIsBusyWhileItsPagesStillAnswer) {
  start({}, 1);
  RawClient working(server_->port());
  RawClient queued(server_->port());
  RawClient refused(server_->port());
  ASSERT_TRUE(working.send(get(wait_path)));
  ASSERT_TRUE(waiting_.try_acquire_for(10s)) << "the call never began";
  ASSERT_TRUE(queued.send(get("/api/v1/shelves/queued")));
  ASSERT_TRUE(wait_until([this] { return workers_->waiting() == 1; }, "the second call in the queue"));
  const auto busy = refused.ask(get("/api/v1/shelves/x"));
  EXPECT_EQ(busy.status, 503);
  EXPECT_EQ(busy.headers.at("Retry-After"), "1");
  EXPECT_THAT(busy.body, HasSubstr("too_busy"));
  EXPECT_EQ(refused.ask(get("/liveness")).body, "ok") << "the connection is still of use";
  go_on_.release();
  EXPECT_EQ(working.receive()->status, 200);
  EXPECT_EQ(queued.receive()->status, 200);
}

TEST_F(ServerTest, LetsTheLongestIdleConnectionGiveWay) {
  start({.connections = 2});
  RawClient first(server_->port());
  ASSERT_EQ(first.ask(get("/liveness")).body, "ok");
  RawClient second(server_->port());
  ASSERT_TRUE(second.send(get(wait_path)));
  ASSERT_TRUE(waiting_.try_acquire_for(10s)) << "the call never began";
  RawClient third(server_->port());
  EXPECT_EQ(third.ask(get("/liveness")).body, "ok");
  EXPECT_TRUE(first.is_closed());
  go_on_.release();
  EXPECT_EQ(second.receive()->status, 200);
}

TEST_F(ServerTest, LetsNobodyGiveWayWhoseRequestWasNotReadYet) {
  std::counting_semaphore<8> reached{0}, go_on{0};
  site_.add_get("/hold", [&](const Request&) {  // on the network thread: meanwhile nothing is read
    reached.release();
    go_on.acquire();
    return Response{.body = "held"};
  });
  start({.connections = 3});
  RawClient longest_idle(server_->port());
  ASSERT_EQ(longest_idle.ask(get("/liveness")).body, "ok");
  RawClient idle(server_->port());
  ASSERT_EQ(idle.ask(get("/liveness")).body, "ok");
  RawClient holding(server_->port());
  ASSERT_TRUE(holding.send(get("/hold")));
  ASSERT_TRUE(reached.try_acquire_for(10s));
  RawClient fresh(server_->port());  // before the request, so that the server hears of it first
  ASSERT_TRUE(longest_idle.send(get("/liveness")));
  go_on.release();
  EXPECT_EQ(longest_idle.receive().value_or(RawAnswer{}).body, "ok");
  EXPECT_EQ(fresh.ask(get("/liveness")).body, "ok");
  EXPECT_EQ(holding.receive().value_or(RawAnswer{}).body, "held");
  EXPECT_TRUE(idle.is_closed());
}

TEST_F(ServerTest, LetsTheSlowestClientGiveWayWhereNoneIsIdle) {
  start({.connections = 2});
  RawClient header(server_->port());
  ASSERT_TRUE(header.send("GET /liveness HTTP/1.1\r\nX: "));
  RawClient working(server_->port());
  ASSERT_TRUE(working.send(get(wait_path)));
  ASSERT_TRUE(waiting_.try_acquire_for(10s)) << "the call never began";
  RawClient body(server_->port());
  ASSERT_TRUE(body.send("POST /api/v1/shelves/x:paint HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n{"));
  EXPECT_TRUE(header.is_closed());
  RawClient quick(server_->port());
  EXPECT_EQ(quick.ask(get("/liveness")).body, "ok");
  EXPECT_TRUE(body.is_closed());
  go_on_.release();
  EXPECT_EQ(working.receive()->status, 200);
}

TEST_F(ServerTest, HoldsSoMuchOfAllBodiesAndLetsTheSlowestGiveWay) {
  start({.bodies_bytes = 1 << 20});
  const std::string part = "POST /api/v1/shelves/x:paint HTTP/1.1\r\nHost: x\r\nContent-Length: 700000\r\n\r\n" + std::string(600'000, ' ');
  RawClient first(server_->port());
  RawClient second(server_->port());
  ASSERT_TRUE(first.send(part));
  wait_until([&] { return server_->held_bytes() == 600'000; }, "the first body's part to be there");
  ASSERT_TRUE(second.send(part));
  EXPECT_EQ(first.receive().value_or(RawAnswer{}).status, 408);
  RawClient quick(server_->port());
  EXPECT_EQ(quick.ask(post("/api/v1/shelves/x:paint", R"({"color":"RED"})" + std::string(300'000, ' '))).status, 200);
  EXPECT_TRUE(second.send(std::string(100'000, ' ')));
  EXPECT_EQ(second.receive().value_or(RawAnswer{}).status, 415) << "the second had its time";
  wait_until([&] { return server_->held_bytes() == 0; }, "nothing to be held any more");
}

TEST_F(ServerTest, LetsNewConnectionsWaitWhileAllAreBeingWorkedFor) {
  start({.connections = 1});
  std::optional<RawClient> first(server_->port());
  ASSERT_TRUE(first->send(get(wait_path)));
  ASSERT_TRUE(waiting_.try_acquire_for(10s)) << "the call never began";
  RawClient second(server_->port());
  ASSERT_TRUE(second.send(get("/liveness")));
  go_on_.release();
  EXPECT_EQ(first->receive()->status, 200);
  first.reset();
  EXPECT_EQ(second.receive()->body, "ok");
}

TEST_F(ServerTest, SaysWhyItCannotStart) {
  start();
  Server second({.address = "127.0.0.1", .port = server_->port()}, site_, *workers_);
  const auto started = second.start();
  ASSERT_FALSE(started);
  EXPECT_EQ(started.error().kind, errors::ErrorKind::unavailable);
  EXPECT_THAT(started.error().detail, HasSubstr("in use"));
}

}  // namespace
}  // namespace pkg::rest::testing
