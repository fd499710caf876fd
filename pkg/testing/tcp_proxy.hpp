#pragma once
// A network that a test can break: it stands between clients and servers on this machine, and cuts, blocks and slows what passes.

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace pkg::testing {

/// Runs on a thread of its own. All methods may be called from any thread; what they ask for has happened when they return.
class TcpProxy {
 public:
  TcpProxy();
  TcpProxy(const TcpProxy&) = delete;
  TcpProxy& operator=(const TcpProxy&) = delete;
  ~TcpProxy();

  /// Opens a port of the loopback interface, which is given, for connections that go on to that port.
  std::uint16_t route_to(std::uint16_t port);
  /// The same to a Unix socket.
  std::uint16_t route_to(const std::string& socket);

  /// Of the route on that port: every connection is reset, on both sides. New ones pass.
  void cut(std::uint16_t route);
  /// Cut, and new connections are reset too, until unblock().
  void block(std::uint16_t route);
  void unblock(std::uint16_t route);
  /// What comes from now on, in either direction, goes on that much later. Zero: at once again.
  void delay(std::uint16_t route, std::chrono::milliseconds time);

  /// How many connections have passed through it so far.
  std::size_t passed(std::uint16_t route) const;

 private:
  struct Loop;
  struct Route;
  void on_loop(const std::function<void()>& what) const;
  std::uint16_t open(std::function<void(Route&)> aim);
  Route& at(std::uint16_t route) const;

  std::unique_ptr<Loop> loop_;
};

}  // namespace pkg::testing
