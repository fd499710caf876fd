// How a server ends, and how another process takes over from it on the same socket.

#include <sys/socket.h>

#include <atomic>
#include <vector>

#include "pkg/rest/testing/server_fixture.hpp"
#include "pkg/testing/listening_socket.hpp"
#include "pkg/testing/wait.hpp"

namespace pkg::rest::testing {
namespace {

using pkg::testing::ListeningSocket;
using pkg::testing::wait_until;
using std::chrono::steady_clock;
using ::testing::HasSubstr;

const std::string wait_path = "/api/v1/files/wait";
const std::string paint_path = "/api/v1/shelves/x:paint";

class DrainTest : public ServerTest {
 protected:
  /// Returns once nobody is accepted any more.
  std::jthread begin_to_stop(std::chrono::milliseconds limit = 30s) {
    stopped_ = true;
    const auto port = server_->port();
    std::jthread stopping([this, limit] { server_->stop(limit); });
    const auto refuses = [port] {
      try {
        RawClient one_more(port);
        return false;
      } catch (const std::runtime_error&) {
        return true;
      }
    };
    EXPECT_TRUE(wait_until(refuses, "the server to accept nobody"));
    return stopping;
  }
};

TEST_F(DrainTest, FinishesWhatIsUnderWay) {
  start();
  RawClient working(server_->port());
  ASSERT_TRUE(working.send(get(wait_path) + get("/liveness")));
  ASSERT_TRUE(waiting_.try_acquire_for(10s)) << "the call never began";
  const auto stopping = begin_to_stop();
  go_on_.release();
  const auto answer = working.receive();
  ASSERT_TRUE(answer) << "the call under way was not answered";
  EXPECT_EQ(answer->status, 200);
  EXPECT_EQ(answer->headers.at("Connection"), "close");
  EXPECT_TRUE(working.is_closed());
}

TEST_F(DrainTest, EndsAtItsLimitThoughACallGoesOn) {
  start();
  RawClient working(server_->port());
  ASSERT_TRUE(working.send(get(wait_path)));
  ASSERT_TRUE(waiting_.try_acquire_for(10s)) << "the call never began";
  server_->stop(20ms);
  EXPECT_TRUE(working.is_closed());
  server_.reset();
  go_on_.release();
  workers_.reset();  // the call ends after its server
  stopped_ = true;
}

TEST_F(DrainTest, ServesARequestOnAnIdleConnectionAndEndsItWithThat) {
  start({.idle_grace = 30s});
  RawClient idle(server_->port());
  ASSERT_EQ(idle.ask(get("/liveness")).body, "ok");
  const auto began = steady_clock::now();
  {
    const auto stopping = begin_to_stop();
    auto answer = idle.ask(post(paint_path, R"({"color":"RED"})"));
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.headers["Connection"], "close");
    EXPECT_TRUE(idle.is_closed());
  }
  EXPECT_LT(steady_clock::now() - began, 20s) << "it waited though nobody was connected";
}

TEST_F(DrainTest, ClosesIdleConnectionsAfterTheirGrace) {
  start({.idle_grace = 300ms});
  RawClient idle(server_->port());
  const auto began = steady_clock::now();
  ASSERT_EQ(idle.ask(get("/liveness")).body, "ok");
  const auto stopping = begin_to_stop();
  EXPECT_TRUE(idle.is_closed());
  EXPECT_GE(steady_clock::now() - began, 300ms) << "a request may have been under way";
}

TEST_F(DrainTest, IsOverAtOnceWhereNobodyIsConnected) {
  start({.idle_grace = 60s});
  const auto began = steady_clock::now();
  server_->stop(60s);
  stopped_ = true;
  EXPECT_LT(steady_clock::now() - began, 5s);
}

TEST_F(DrainTest, EndsNoConnectionWithoutHavingSaidSo) {
  start();
  std::atomic<int> told = 0, dropped = 0, busy = 0;
  std::vector<std::jthread> clients;
  for (int i = 0; i < 8; ++i) {
    clients.emplace_back([&, post = post(paint_path, R"({"color":"RED"})")] {
      RawClient client(server_->port());
      for (int n = 0;; ++n) {
        auto answer = client.ask(post);
        if (answer.status != 200) return void(++dropped);
        if (answer.headers.contains("Connection")) return void(++told);
        if (n == 50) ++busy;
      }
    });
  }
  ASSERT_TRUE(wait_until([&] { return busy == 8; }, "all clients at work"));
  server_->stop(30s);
  stopped_ = true;
  clients.clear();
  EXPECT_EQ(told, 8);
  EXPECT_EQ(dropped, 0);
}

TEST_F(DrainTest, ServesWhoWasInItsQueue) {
  std::counting_semaphore<8> reached{0}, go_on{0};
  site_.add_get("/hold", [&](const Request&) {  // on the network thread: meanwhile nobody is accepted
    reached.release();
    go_on.acquire();
    return Response{};
  });
  start({.idle_grace = 200ms});
  RawClient holding(server_->port());
  ASSERT_TRUE(holding.send(get("/hold")));
  ASSERT_TRUE(reached.try_acquire_for(10s));
  std::vector<std::unique_ptr<RawClient>> queued;
  for (int i = 0; i < 20; ++i) {
    queued.push_back(std::make_unique<RawClient>(server_->port()));
    ASSERT_TRUE(queued.back()->send(get("/api/v1/shelves/x")));
  }
  server_->begin_stop(30s);
  go_on.release();
  for (const auto& client : queued) {
    const auto answer = client->receive();
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, 200);
  }
  server_->stop(30s);
  stopped_ = true;
}

class SharedSocketTest : public DrainTest {
 protected:
  /// What another process would be: a server of its own on the same socket.
  std::unique_ptr<Server> another(std::chrono::milliseconds patience = 60s) {
    auto made = std::make_unique<Server>(ServerOptions{.socket = socket_.share(), .patience = patience}, site_, *workers_);
    const auto started = made->start();
    EXPECT_TRUE(started) << started.error().detail;
    EXPECT_EQ(made->port(), socket_.port());
    return made;
  }

  ListeningSocket socket_;
};

TEST_F(SharedSocketTest, IsLeftToOthersUntilTheServerMayAccept) {
  start({}, 64, socket_.share());
  server_->accept();
  auto next = another();
  for (int i = 0; i < 50; ++i) ASSERT_EQ(RawClient(socket_.port()).ask(get("/liveness")).body, "ok");
  EXPECT_EQ(next->connections(), 0u);
  server_->stop(30s);
  stopped_ = true;
  RawClient waiting(socket_.port());
  ASSERT_TRUE(waiting.send(get("/liveness")));
  next->accept();
  EXPECT_EQ(waiting.receive()->body, "ok");
  EXPECT_EQ(next->connections(), 1u);
}

TEST_F(SharedSocketTest, IsAcceptedFromOnceCallersHaveWaitedForTheServersPatience) {
  start();
  auto impatient = another(100ms);
  EXPECT_EQ(RawClient(socket_.port()).ask(get("/liveness")).body, "ok");
}

TEST_F(SharedSocketTest, ChangesHandsUnnoticedByItsCallers) {
  workers_.emplace("test", rpc::Workers::Size{.threads = 2, .queue_limit = 256});
  std::atomic<int> answered = 0, failed = 0;
  auto serving = another();
  serving->accept();
  std::vector<std::jthread> callers;
  for (int i = 0; i < 6; ++i) {
    const bool keeps = i % 2 == 0;
    callers.emplace_back([&, keeps, port = socket_.port()](const std::stop_token& stop) {
      const auto request = keeps ? post(paint_path, R"({"color":"RED"})") : get("/api/v1/shelves/x", "Connection: close\r\n");
      while (!stop.stop_requested()) {
        RawClient client(port);
        for (bool open = true; open;) {
          auto answer = client.ask(request);
          ++(answer.status == 200 ? answered : failed);
          open = answer.status == 200 && !answer.headers.contains("Connection");
          if (stop.stop_requested()) break;
        }
      }
    });
  }
  for (int change = 1; change <= 10; ++change) {
    auto next = another();
    next->accept();
    serving->stop(30s);
    serving = std::move(next);
    const int so_far = answered;
    ASSERT_TRUE(wait_until([&] { return answered > so_far + 50; }, "the callers to go on"));
  }
  callers.clear();
  EXPECT_EQ(failed, 0) << "of " << answered;
  serving->stop(30s);
}

TEST_F(SharedSocketTest, MustListen) {
  workers_.emplace("test", rpc::Workers::Size{.threads = 1, .queue_limit = 1});
  Server server({.socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)}, site_, *workers_);
  const auto started = server.start();
  ASSERT_FALSE(started);
  EXPECT_EQ(started.error().kind, errors::ErrorKind::unavailable);
  EXPECT_THAT(started.error().detail, HasSubstr("the socket that was passed"));
}

}  // namespace
}  // namespace pkg::rest::testing
