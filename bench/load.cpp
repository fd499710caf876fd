#include "bench/load.hpp"

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <mutex>
#include <semaphore>
#include <stdexcept>
#include <thread>

#include "pkg/testing/poll.hpp"

namespace mall::bench {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

constexpr auto patience = 20s;

/// Threads of a load: the first that goes wrong ends all, and the run.
class Threads {
 public:
  Threads() = default;
  Threads(const Threads&) = delete;
  Threads& operator=(const Threads&) = delete;
  /// Ends what an exception elsewhere has left.
  ~Threads() {
    end();
    wait();
  }

  template <class Work>
  void add(Work work) {
    threads_.emplace_back([this, work] {
      try {
        while (!over_ && work()) {
        }
      } catch (const std::exception& error) {
        const std::scoped_lock lock(mutex_);
        wrong_ = error.what();
        over_ = true;
      }
    });
  }
  void end() { over_ = true; }
  /// Waits for all. Throws what went wrong.
  void join() {
    wait();
    if (!wrong_.empty()) throw std::runtime_error(wrong_);
  }
  bool is_over() const { return over_; }

 private:
  void wait() {
    for (auto& thread : threads_) {
      if (thread.joinable()) thread.join();
    }
  }

  std::atomic<bool> over_ = false;
  std::mutex mutex_;
  std::string wrong_;
  std::vector<std::thread> threads_;
};

void order_and_wait(Buyer& buyer, Approvals& approvals, std::binary_semaphore& done) {
  const auto order = buyer.prepare();
  approvals.expect(order.basket, Clock::now(), &done);
  buyer.check_out(order);
  if (!done.try_acquire_for(patience)) throw std::runtime_error("order " + order.basket + " is not decided after 20 s");
}

void sleep(const Threads& threads, milliseconds time) {
  pkg::testing::poll_until([&] { return threads.is_over(); }, time);
}

}  // namespace

void wait_for_rest(const Approvals& approvals, milliseconds longer) {
  if (!pkg::testing::poll_until([&] { return approvals.open() == 0 && approvals.completed() >= approvals.approved(); }, 60s))
    throw std::runtime_error("orders are still under way after a minute of rest");
  std::this_thread::sleep_for(longer);
}

int full_load(std::span<const Closed> tried) { return std::ranges::max_element(tried, {}, &Closed::sustained)->buyers; }

Closed in_a_closed_loop(const Crowd& crowd, Approvals& approvals, const Meter& meter, int buyers, milliseconds warm_up,
                        milliseconds window) {
  Closed closed{.buyers = buyers};
  wait_for_rest(approvals, 0ms);  // what others left would count as completed here
  std::vector<std::unique_ptr<std::binary_semaphore>> done;
  Threads threads;
  for (int i = 0; i < buyers; ++i) {
    done.push_back(std::make_unique<std::binary_semaphore>(0));
    threads.add([&approvals, buyer = crowd.buyer(static_cast<std::size_t>(i)), semaphore = done.back().get()] {
      order_and_wait(*buyer, approvals, *semaphore);
      return true;
    });
  }
  sleep(threads, warm_up);
  approvals.take_times();
  const auto before = meter.read();
  const auto began = Clock::now();
  const auto approved = approvals.approved(), completed = approvals.completed();
  closed.backlog_before = static_cast<double>(approved - completed);
  sleep(threads, window);
  const auto approved_after = approvals.approved(), completed_after = approvals.completed();
  const auto seconds = std::chrono::duration<double>(Clock::now() - began).count();
  closed.used = meter.read() - before;
  closed.times = approvals.take_times();
  closed.latency = spread_of(closed.times);
  closed.seconds = seconds;
  threads.end();
  threads.join();
  closed.orders = static_cast<double>(approved_after - approved);
  closed.approved = closed.orders / seconds;
  closed.completed = static_cast<double>(completed_after - completed) / seconds;
  closed.backlog_after = static_cast<double>(approved_after - completed_after);
  return closed;
}

Closed taken_together(std::span<const Closed> windows) {
  Closed all{.buyers = windows.front().buyers};
  double completed = 0;
  for (const auto& each : windows) {
    all.orders += each.orders;
    all.seconds += each.seconds;
    completed += each.completed * each.seconds;
    all.backlog_before += each.backlog_before / static_cast<double>(windows.size());
    all.backlog_after += each.backlog_after / static_cast<double>(windows.size());
    all.times.insert(all.times.end(), each.times.begin(), each.times.end());
    all.used = all.used + each.used;
  }
  all.approved = all.orders / all.seconds;
  all.completed = completed / all.seconds;
  all.latency = spread_of(all.times);
  return all;
}

Open in_an_open_loop(const Crowd& crowd, Approvals& approvals, double per_second, milliseconds length) {
  constexpr int buyers = 48;
  constexpr auto ahead = 200ms;
  approvals.take_times();
  const auto begin = Clock::now() + ahead + 100ms;
  const auto planned = [&](std::int64_t number) {
    return begin + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(static_cast<double>(number) / per_second));
  };
  std::atomic<std::int64_t> next = 0;
  const auto orders = static_cast<std::int64_t>(per_second * std::chrono::duration<double>(length).count());
  Threads threads;
  for (int i = 0; i < buyers; ++i) {
    threads.add([&, buyer = crowd.buyer(static_cast<std::size_t>(i))] {
      const auto number = next++;
      if (number >= orders) return false;
      std::this_thread::sleep_until(planned(number) - ahead);
      const auto order = buyer->prepare();
      std::this_thread::sleep_until(planned(number));
      approvals.expect(order.basket, planned(number));
      buyer->check_out(order);
      return true;
    });
  }
  threads.join();
  pkg::testing::poll_until([&] { return approvals.open() == 0; }, 10s);
  Open open{.share = 0, .per_second = per_second, .latency = {}, .open = approvals.open()};
  open.latency = spread_of(approvals.take_times());
  approvals.forget_open();
  return open;
}

Spread idle_latency(const Crowd& crowd, Approvals& approvals, int orders) {
  const auto buyer = crowd.buyer(0);
  std::binary_semaphore done(0);
  constexpr int warm = 10;
  for (int i = 0; i < warm + orders; ++i) {
    if (i == warm) approvals.take_times();
    order_and_wait(*buyer, approvals, done);
    // What follows the approval is over by then: picking, the invoice, its payment, the messages to people.
    std::this_thread::sleep_for(40ms);
  }
  return spread_of(approvals.take_times());
}

}  // namespace mall::bench
