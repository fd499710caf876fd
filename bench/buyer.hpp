#pragma once
// Shoppers of a load: each fills baskets, authorizes payments and checks out through nginx over a connection of its own.

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

/// Not for several threads at once.
class Buyer {
 public:
  Buyer(std::uint16_t nginx_port, std::string token, const Goods& goods);

  struct Ready {
    std::string basket, payment;
  };
  /// A basket of three things out of both stores, and a payment over them. Throws std::runtime_error where the mall says no.
  Ready prepare();
  void check_out(const Ready& order);

 private:
  std::string post(const std::string& path, const std::string& body);

  static constexpr std::size_t items = 3;
  chaos::Http http_;
  const std::string headers_;
  const Goods& goods_;
  std::size_t turn_;
};

}  // namespace mall::bench
