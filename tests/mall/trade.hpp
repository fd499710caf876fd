#pragma once
// People who trade without a pause, over connections that they keep open, and note every answer.

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "tests/mall/journeys.hpp"
#include "tests/mall/nginx.hpp"

namespace pkg::rest::testing {
class RawClient;
}

namespace mall::testing {

/// How a service answered: how often with each status, 0 where the connection ended without an answer.
using Answers = std::map<std::string, std::map<int, std::size_t>, std::less<>>;

/// What is not as it should be among the answers of these services: 5xx, and connections that broke. "stores: 3 x 503".
std::string faults_of(const Answers& answers);

/// One connection through nginx, made anew only where the other side said that it ends it, or where it broke.
class KeptConnection {
 public:
  explicit KeptConnection(std::uint16_t port);
  ~KeptConnection();
  Answer ask(std::string_view verb, std::string_view path, std::string_view body, const std::string& token);

 private:
  const std::uint16_t port_;
  std::unique_ptr<pkg::rest::testing::RawClient> client_;
};

class Trade {
 public:
  /// Begins at once. Each shopper reads and writes at all nine services, and buys what was put on sale just before as well, which baskets
  /// has to ask stores for.
  Trade(const RunningMall& mall, const Nginx& nginx);
  /// Ends it.
  ~Trade();
  Trade(const Trade&) = delete;
  Trade& operator=(const Trade&) = delete;

  /// Waits until so many more orders were accepted.
  void await_orders(std::size_t more);
  /// What was answered since the last time.
  Answers take_answers();
  /// Ends it. The orders that were accepted, and by whom.
  struct Ordered {
    std::string order;
    const Visitor* shopper;
    std::chrono::system_clock::time_point at;
  };
  const std::vector<Ordered>& orders();

  /// The longest that anybody has waited for an answer of this service since take_answers(), in ms.
  const std::map<std::string, std::int64_t, std::less<>>& slowest() const { return slowest_; }

 private:
  static constexpr std::size_t shoppers = 6;

  void shop(std::size_t number, const std::stop_token& stop);
  void buy(KeptConnection& connection, const Visitor& who);
  void look_around(KeptConnection& connection, const Visitor& who, const std::string& order);
  Answer ask(KeptConnection& connection, const Visitor& who, std::string_view verb, std::string_view path, std::string_view body = {});
  std::string new_product(KeptConnection& connection);

  const Nginx& nginx_;
  const Storekeeper keeper_;
  const std::string tea_;
  const Visitor operator_;
  const std::vector<Visitor> people_;
  std::atomic<std::size_t> made_ = 0;
  std::mutex mutex_;
  Answers answers_;
  std::map<std::string, std::int64_t, std::less<>> slowest_;
  std::vector<Ordered> orders_;
  std::array<std::jthread, shoppers> threads_;
};

}  // namespace mall::testing
