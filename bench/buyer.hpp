#pragma once
// Shoppers of a load: each fills baskets, authorizes payments and checks out through nginx over a connection of its own.

#include <array>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "tests/chaos/http.hpp"
#include "tests/mall/journeys.hpp"
#include "tests/mall/nginx.hpp"

namespace mall::bench {

struct Goods {
  std::vector<std::string> products;  ///< of two stores by turns, never out of stock
  std::int64_t cents = 0;             ///< the price of each
};

/// Two stores with ten products each, which baskets knows of when it returns.
Goods open_stores(const testing::RunningMall& mall);

/// One thing after the other: its coroutines are awaited by turns, on the one thread that `where` has.
class Buyer {
 public:
  Buyer(const boost::asio::any_io_executor& where, std::uint16_t nginx_port, std::string token, const Goods& goods);

  struct Ready {
    std::string basket, payment;
  };
  /// A basket of three things out of both stores, and a payment over them. Throws std::runtime_error where the mall says no.
  boost::asio::awaitable<Ready> prepare();
  boost::asio::awaitable<void> check_out(Ready order);

 private:
  boost::asio::awaitable<std::string> post(std::string path, std::string body);
  boost::asio::awaitable<chaos::Reply> ask(std::string request);

  static constexpr std::size_t items = 3;
  const std::uint16_t nginx_port_;
  boost::asio::ip::tcp::socket socket_;
  std::array<char, 4096> chunk_{};
  std::string read_;
  const std::string headers_;
  const Goods& goods_;
  std::size_t turn_;
};

}  // namespace mall::bench
