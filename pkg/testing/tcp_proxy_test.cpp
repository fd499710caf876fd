// The network that tests break, shown with an echo behind it.

#include "pkg/testing/tcp_proxy.hpp"

#include <gtest/gtest.h>

#include <array>
#include <boost/asio.hpp>
#include <string>
#include <thread>

#include "pkg/testing/wait.hpp"

namespace pkg::testing {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using namespace std::chrono_literals;

/// Answers each client with what it says, one client at a time.
class Echo {
 public:
  ~Echo() {
    stopping_ = true;
    asio::io_context io;
    boost::system::error_code ignored;
    tcp::socket(io).connect({asio::ip::address_v4::loopback(), port()}, ignored);
    thread_.join();
  }
  std::uint16_t port() const { return acceptor_.local_endpoint().port(); }

 private:
  void serve() {
    while (true) {
      auto socket = acceptor_.accept();
      if (stopping_) return;
      std::array<char, 1024> chunk{};
      boost::system::error_code error;
      while (!error) {
        const auto size = socket.read_some(asio::buffer(chunk), error);
        if (!error) asio::write(socket, asio::buffer(chunk.data(), size), error);
      }
    }
  }
  asio::io_context io_;
  tcp::acceptor acceptor_{io_, {asio::ip::address_v4::loopback(), 0}};
  std::atomic<bool> stopping_ = false;
  std::thread thread_{[this] { serve(); }};
};

struct Client {
  explicit Client(std::uint16_t port) { socket.connect({asio::ip::address_v4::loopback(), port}, error); }
  /// What comes back; nothing where the connection is gone.
  std::string say(const std::string& word) {
    std::string answer(word.size(), ' ');
    if (!error) asio::write(socket, asio::buffer(word), error);
    if (!error) asio::read(socket, asio::buffer(answer), error);
    return error ? std::string() : answer;
  }
  asio::io_context io;
  tcp::socket socket{io};
  boost::system::error_code error;
};

TEST(TcpProxy, PassesOnWhatBothSidesSay) {
  Echo echo;
  TcpProxy proxy;
  const auto port = proxy.route_to(echo.port());
  Client client(port);
  EXPECT_EQ(client.say("hello"), "hello");
  EXPECT_EQ(client.say(std::string(100'000, 'x')), std::string(100'000, 'x'));
  EXPECT_EQ(proxy.passed(port), 1u);
}

TEST(TcpProxy, ResetsWhatPassesAndLetsNewConnectionsThrough) {
  Echo echo;
  TcpProxy proxy;
  const auto port = proxy.route_to(echo.port());
  Client client(port);
  EXPECT_EQ(client.say("hello"), "hello");
  proxy.cut(port);
  EXPECT_EQ(client.say("hello"), "");
  EXPECT_EQ(Client(port).say("again"), "again");
}

TEST(TcpProxy, LetsNobodyThroughWhileItIsBlocked) {
  Echo echo;
  TcpProxy proxy;
  const auto port = proxy.route_to(echo.port());
  proxy.block(port);
  EXPECT_EQ(Client(port).say("hello"), "");
  proxy.unblock(port);
  EXPECT_EQ(Client(port).say("hello"), "hello");
}

TEST(TcpProxy, DelaysEachDirection) {
  Echo echo;
  TcpProxy proxy;
  const auto port = proxy.route_to(echo.port());
  Client client(port);
  proxy.delay(port, 60ms);
  const auto before = std::chrono::steady_clock::now();
  EXPECT_EQ(client.say("hello"), "hello");
  EXPECT_GE(std::chrono::steady_clock::now() - before, 120ms);
  proxy.delay(port, 0ms);
  EXPECT_EQ(client.say("hello"), "hello");
}

TEST(TcpProxy, ResetsAClientWhoseServerIsAway) {
  std::uint16_t nobody = 0;
  {
    Echo echo;
    nobody = echo.port();
  }
  TcpProxy proxy;
  EXPECT_EQ(Client(proxy.route_to(nobody)).say("hello"), "");
}

}  // namespace
}  // namespace pkg::testing
