#include "pkg/testing/tcp_proxy.hpp"

#include <array>
#include <boost/asio.hpp>
#include <future>
#include <list>
#include <map>
#include <stdexcept>
#include <thread>
#include <utility>

#include "pkg/testing/ports.hpp"

namespace pkg::testing {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using AnySocket = asio::generic::stream_protocol::socket;
using AnyEndpoint = asio::generic::stream_protocol::endpoint;
using boost::system::error_code;

/// One client and its connection to the server. Shared by the route's list and by the operations that are under way.
struct Link {
  explicit Link(AnySocket accepted, asio::io_context& io) : client(std::move(accepted)), server(io) {}
  AnySocket client;
  AnySocket server;

  /// What waits in either is lost, and both sides are told so by a reset.
  void reset() {
    for (auto* socket : {&client, &server}) {
      error_code ignored;
      socket->set_option(asio::socket_base::linger(true, 0), ignored);
      socket->close(ignored);
    }
  }
};

/// One direction of a link. Shared by the operations that are under way.
struct Pump : std::enable_shared_from_this<Pump> {
  Pump(std::shared_ptr<Link> whole, AnySocket& source, AnySocket& sink, const std::chrono::milliseconds& wait)
      : link(std::move(whole)), from(source), to(sink), delay(wait), timer(source.get_executor()) {}

  void read() {
    from.async_read_some(asio::buffer(chunk), [self = shared_from_this()](error_code error, std::size_t size) {
      if (error) return self->end(error);
      self->later([self, size] { self->write(size); });
    });
  }
  void write(std::size_t size) {
    asio::async_write(to, asio::buffer(chunk.data(), size), [self = shared_from_this()](error_code error, std::size_t) {
      if (error) return self->link->reset();
      self->read();
    });
  }
  /// The end of one direction is passed on as that; anything else is the end of the link.
  void end(const error_code& error) {
    if (error != asio::error::eof) return link->reset();
    later([self = shared_from_this()] {
      error_code failed;
      self->to.shutdown(asio::socket_base::shutdown_send, failed);
      if (failed) self->link->reset();
    });
  }
  template <class Next>
  void later(Next next) {
    if (delay.count() == 0) return next();
    timer.expires_after(delay);
    timer.async_wait([self = shared_from_this(), next](error_code error) {
      if (!error) next();
    });
  }

  std::shared_ptr<Link> link;  // shared by its two directions
  AnySocket& from;
  AnySocket& to;
  const std::chrono::milliseconds& delay;  ///< the route's, which outlives the loop
  asio::steady_timer timer;
  std::array<char, 32 * 1024> chunk{};
};

}  // namespace

struct TcpProxy::Route {
  explicit Route(asio::io_context& context) : io(context), acceptor(context) {}

  void accept() {
    acceptor.async_accept([this](error_code error, tcp::socket socket) {
      if (error == asio::error::operation_aborted) return;
      if (!error) take(std::move(socket));
      accept();
    });
  }
  void take(tcp::socket socket) {
    error_code ignored;
    socket.set_option(tcp::no_delay(true), ignored);
    auto link = std::make_shared<Link>(AnySocket(std::move(socket)), io);
    if (blocked) return link->reset();
    std::erase_if(links, [](const auto& each) { return each.expired(); });
    links.push_back(link);
    link->server.async_connect(target, [this, link](error_code error) {
      if (error) return link->reset();
      ++passed;
      error_code unix_has_none;
      link->server.set_option(tcp::no_delay(true), unix_has_none);
      std::make_shared<Pump>(link, link->client, link->server, delay)->read();
      std::make_shared<Pump>(link, link->server, link->client, delay)->read();
    });
  }
  void cut() {
    for (const auto& each : links) {
      if (const auto link = each.lock()) link->reset();
    }
    links.clear();
  }

  asio::io_context& io;
  tcp::acceptor acceptor;
  AnyEndpoint target;
  std::list<std::weak_ptr<Link>> links;
  std::chrono::milliseconds delay{0};
  bool blocked = false;
  std::size_t passed = 0;
};

struct TcpProxy::Loop {
  std::map<std::uint16_t, std::unique_ptr<Route>> routes;  // before io: what is under way when that ends refers to them
  asio::io_context io{1};
  asio::executor_work_guard<asio::io_context::executor_type> work{io.get_executor()};
  std::thread thread{[this] { io.run(); }};
};

TcpProxy::TcpProxy() : loop_(std::make_unique<Loop>()) {}

TcpProxy::~TcpProxy() {
  on_loop([&] {
    for (auto& [port, route] : loop_->routes) {
      route->acceptor.close();
      route->cut();
    }
  });
  loop_->io.stop();
  loop_->thread.join();
}

void TcpProxy::on_loop(const std::function<void()>& what) const {
  std::promise<void> done;
  asio::post(loop_->io, [&] {
    what();
    done.set_value();
  });
  done.get_future().wait();
}

std::uint16_t TcpProxy::open(std::function<void(Route&)> aim) {
  const auto port = free_port();
  on_loop([&] {
    auto route = std::make_unique<Route>(loop_->io);
    aim(*route);
    const tcp::endpoint here(asio::ip::address_v4::loopback(), port);
    route->acceptor.open(here.protocol());
    route->acceptor.set_option(tcp::acceptor::reuse_address(true));
    route->acceptor.bind(here);
    route->acceptor.listen();
    route->accept();
    loop_->routes.emplace(port, std::move(route));
  });
  return port;
}

std::uint16_t TcpProxy::route_to(std::uint16_t port) {
  return open([port](Route& route) { route.target = AnyEndpoint(tcp::endpoint(asio::ip::address_v4::loopback(), port)); });
}

std::uint16_t TcpProxy::route_to(const std::string& socket) {
  return open([&](Route& route) { route.target = AnyEndpoint(asio::local::stream_protocol::endpoint(socket)); });
}

TcpProxy::Route& TcpProxy::at(std::uint16_t route) const {
  const auto found = loop_->routes.find(route);
  if (found == loop_->routes.end()) throw std::invalid_argument("no route on port " + std::to_string(route));
  return *found->second;
}

void TcpProxy::cut(std::uint16_t route) {
  on_loop([&] { at(route).cut(); });
}
void TcpProxy::block(std::uint16_t route) {
  on_loop([&] {
    at(route).blocked = true;
    at(route).cut();
  });
}
void TcpProxy::unblock(std::uint16_t route) {
  on_loop([&] { at(route).blocked = false; });
}
void TcpProxy::delay(std::uint16_t route, std::chrono::milliseconds time) {
  on_loop([&] { at(route).delay = time; });
}
std::size_t TcpProxy::passed(std::uint16_t route) const {
  std::size_t count = 0;
  on_loop([&] { count = at(route).passed; });
  return count;
}

}  // namespace pkg::testing
