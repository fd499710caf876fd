#pragma once
// Orders in a closed loop, which finds what the mall can carry, and in an open one, which finds how long they take under a given load.

#include <algorithm>
#include <chrono>
#include <memory>
#include <span>
#include <vector>

#include "bench/approvals.hpp"
#include "bench/buyer.hpp"
#include "bench/spread.hpp"
#include "bench/usage.hpp"

namespace mall::bench {

/// Everybody of a load, signed in.
struct Crowd {
  std::vector<testing::Visitor> people;
  std::uint16_t nginx_port;
  const Goods& goods;
  std::unique_ptr<Buyer> buyer(const boost::asio::any_io_executor& where, std::size_t number) const {
    return std::make_unique<Buyer>(where, nginx_port, people[number % people.size()].token(), goods);
  }
};

struct Closed {
  int buyers = 0;
  double approved = 0, completed = 0;  ///< a second, within the window
  double backlog_before = 0, backlog_after = 0;  ///< orders that are approved, and not completed
  Spread latency = {};
  Usage used = {};     ///< within the window
  double orders = 0;   ///< approved within the window
  double seconds = 0;  ///< that it was long
  Times times = {};    ///< of these orders
  /// What the mall keeps up: a second, nothing piling up behind.
  double sustained() const { return std::min(approved, completed); }
};

/// Until every order that was begun has come to its end, and so much longer for what follows it: messages to people, search, stock. Throws
/// std::runtime_error where an end takes more than a minute.
void wait_for_rest(const Approvals& approvals, std::chrono::milliseconds longer);

/// How many buyers are full load: those with whom the mall sustained the most orders a second.
int full_load(std::span<const Closed> tried);

/// So many buyers, each of whom orders again as soon as the last order is approved.
Closed in_a_closed_loop(const Crowd& crowd, Approvals& approvals, const Meter& meter, int buyers, std::chrono::milliseconds warm_up,
                        std::chrono::milliseconds window);

/// Windows of one number of buyers, as if they were one; backlogs are the means.
Closed taken_together(std::span<const Closed> windows);

struct Open {
  double share = 0;        ///< of the capacity
  double per_second = 0;   ///< as planned
  Spread latency;          ///< counted from the time at which the checkout was planned
  std::size_t open = 0;    ///< not decided ten seconds after the last one was planned
};

/// Checkouts at planned times, whether the mall keeps up or not.
Open in_an_open_loop(const Crowd& crowd, Approvals& approvals, double per_second, std::chrono::milliseconds length);

/// One order at a time, with nothing else going on: from the checkout's request to the approval.
Spread idle_latency(const Crowd& crowd, Approvals& approvals, int orders);

}  // namespace mall::bench
