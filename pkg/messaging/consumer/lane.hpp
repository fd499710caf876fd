#pragma once
// The queue of one lane: deliveries that wait, and those that are being worked on.

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <vector>

#include "pkg/messaging/broker.hpp"

namespace pkg::messaging {

/// Filled by the broker, emptied by one thread. It needs no limit of its own: the subscription's window bounds what is out, and another
/// delivery of a message that is still here takes the place of the first.
class Lane {
 public:
  using Time = std::chrono::steady_clock::time_point;

  void push(Delivery delivery, Time now);

  /// Waits for deliveries and takes what is there, at most `limit`; never waits for more. Nothing once the lane is closed and empty.
  std::vector<Delivery> take(std::size_t limit);
  /// The first `count` of what was taken are done, and their tags given back to be acknowledged; the rest goes back to the front.
  std::vector<std::uint64_t> settle(std::vector<Delivery> taken, std::size_t count);
  /// What was settled has been acknowledged.
  void acknowledged();

  /// Nothing comes in any more; what waits is still handed out.
  void close();
  /// Nothing is handed out any more either.
  void abandon();
  /// Waits until everything is done and acknowledged. False at the deadline and after abandon().
  bool wait_until_empty(Time deadline);
  /// Waits, but not beyond abandon().
  void pause(std::chrono::microseconds time);

  /// The tags of those here for longer than `age` without a sign of life, which is what the caller is about to give.
  void collect_silent(Time now, std::chrono::milliseconds age, std::vector<std::uint64_t>& tags);
  /// Nothing waits, and nothing is being worked on.
  bool is_empty();

 private:
  struct Held {
    Delivery delivery;
    std::uint64_t identity;
    Time last_sign;
  };
  struct Working {
    std::uint64_t tag;
    std::uint64_t identity;
    Time last_sign;
  };
  bool take_the_place_of_the_first(const Delivery& again, std::uint64_t identity, Time now);

  std::mutex mutex_;
  std::condition_variable filled_;
  std::condition_variable emptied_;
  std::deque<Held> waiting_;
  std::vector<Working> working_;
  bool acknowledging_ = false;
  bool closed_ = false;
  bool abandoned_ = false;
};

}  // namespace pkg::messaging
