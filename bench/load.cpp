#include "bench/load.hpp"

#include <atomic>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cstdio>
#include <exception>
#include <mutex>
#include <stdexcept>
#include <thread>
#include <utility>

#include "pkg/testing/poll.hpp"

namespace mall::bench {
namespace {

namespace asio = boost::asio;
using asio::awaitable;
using asio::use_awaitable;
using namespace std::chrono_literals;
using std::chrono::milliseconds;

constexpr auto patience = 20s;
constexpr auto once_decided = Clock::time_point::min();  ///< the time of a timer that waits for a decision

/// Coroutines of a load, all on one thread: a thread for each buyer takes a third more processor time, which the mall then has not.
/// The first that goes wrong ends all, and the run.
class Load {
 public:
  /// The approvals outlive it.
  explicit Load(Approvals& approvals) : approvals_(approvals), thread_([this] { io_.run(); }) {}
  Load(const Load&) = delete;
  Load& operator=(const Load&) = delete;
  /// Ends what an exception elsewhere has left.
  ~Load() {
    io_.stop();
    thread_.join();
    approvals_.forget_open();
  }

  asio::any_io_executor where() { return io_.get_executor(); }
  void add(awaitable<void> work) {
    ++left_;
    asio::co_spawn(io_, std::move(work), [this](const std::exception_ptr& error) {
      if (error) note(error);
      --left_;
    });
  }
  void end() { is_over_ = true; }
  bool is_over() const { return is_over_; }
  /// Waits for all. Throws what went wrong, and where that takes longer.
  void join(milliseconds limit) {
    const bool all = pkg::testing::poll_until([&] { return left_ == 0; }, limit);
    const std::scoped_lock lock(mutex_);
    if (!wrong_.empty()) throw std::runtime_error(wrong_);
    if (!all) throw std::runtime_error(std::to_string(left_) + " buyers still wait for the mall");
  }

 private:
  void note(const std::exception_ptr& error) {
    is_over_ = true;
    const std::scoped_lock lock(mutex_);
    try {
      std::rethrow_exception(error);
    } catch (const std::exception& wrong) {
      if (wrong_.empty()) wrong_ = wrong.what();
    }
  }

  Approvals& approvals_;
  std::atomic<bool> is_over_ = false;
  std::atomic<int> left_ = 0;
  std::mutex mutex_;
  std::string wrong_;
  asio::io_context io_{1};
  const asio::executor_work_guard<asio::io_context::executor_type> stays_ = asio::make_work_guard(io_);
  std::thread thread_;
};

awaitable<void> wait_until(Clock::time_point time) {
  asio::steady_timer timer(co_await asio::this_coro::executor, time);
  co_await timer.async_wait(use_awaitable);
}

awaitable<void> order_and_wait(Buyer& buyer, Approvals& approvals) {
  const auto order = co_await buyer.prepare();
  const auto timer = std::make_shared<asio::steady_timer>(co_await asio::this_coro::executor, patience);  // shared with who hears of it
  approvals.expect(order.basket, Clock::now(),
                   [timer] { asio::post(timer->get_executor(), [timer] { timer->expires_at(once_decided); }); });
  co_await buyer.check_out(order);
  boost::system::error_code cut_short;
  co_await timer->async_wait(asio::redirect_error(use_awaitable, cut_short));
  if (timer->expiry() != once_decided) throw std::runtime_error("order " + order.basket + " is not decided after 20 s");
}

awaitable<void> order_again_and_again(std::unique_ptr<Buyer> buyer, Approvals& approvals, const Load& load) {
  while (!load.is_over()) co_await order_and_wait(*buyer, approvals);
}

awaitable<void> order_one_at_a_time(std::unique_ptr<Buyer> buyer, Approvals& approvals, int orders) {
  constexpr int warm = 10;
  for (int i = 0; i < warm + orders; ++i) {
    if (i == warm) approvals.take_times();
    co_await order_and_wait(*buyer, approvals);
    // What follows the approval is over by then: picking, the invoice, its payment, the messages to people.
    co_await wait_until(Clock::now() + 40ms);
  }
}

/// Checkouts at even distances.
struct Plan {
  Clock::time_point begin;
  double per_second;
  std::int64_t orders;
  std::int64_t next = 0;

  Clock::time_point time_of(std::int64_t number) const {
    return begin + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(static_cast<double>(number) / per_second));
  }
};
constexpr auto ahead = 200ms;  ///< of its checkout an order is made ready

awaitable<void> order_as_planned(std::unique_ptr<Buyer> buyer, Approvals& approvals, const Load& load, Plan& plan) {
  while (!load.is_over() && plan.next < plan.orders) {
    const auto planned = plan.time_of(plan.next++);
    co_await wait_until(planned - ahead);
    const auto order = co_await buyer->prepare();
    co_await wait_until(planned);
    approvals.expect(order.basket, planned);
    co_await buyer->check_out(order);
  }
}

void sleep(const Load& load, milliseconds time) {
  pkg::testing::poll_until([&] { return load.is_over(); }, time);
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
  Load load(approvals);
  for (int i = 0; i < buyers; ++i) {
    load.add(order_again_and_again(crowd.buyer(load.where(), static_cast<std::size_t>(i)), approvals, load));
  }
  sleep(load, warm_up);
  approvals.take_times();
  const auto before = meter.read();
  const auto began = Clock::now();
  const auto approved = approvals.approved(), completed = approvals.completed();
  closed.backlog_before = static_cast<double>(approved - completed);
  sleep(load, window);
  const auto approved_after = approvals.approved(), completed_after = approvals.completed();
  const auto seconds = std::chrono::duration<double>(Clock::now() - began).count();
  closed.used = meter.read() - before;
  closed.times = approvals.take_times();
  closed.latency = spread_of(closed.times);
  closed.seconds = seconds;
  load.end();
  load.join(2 * patience);
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
  constexpr std::size_t buyers = 48;
  approvals.take_times();
  Plan plan{.begin = Clock::now() + ahead + 100ms,
            .per_second = per_second,
            .orders = static_cast<std::int64_t>(per_second * std::chrono::duration<double>(length).count())};
  Load load(approvals);
  for (std::size_t i = 0; i < buyers; ++i) load.add(order_as_planned(crowd.buyer(load.where(), i), approvals, load, plan));
  load.join(length + 5 * patience);  // a mall that does not keep up has more to do after it
  pkg::testing::poll_until([&] { return approvals.open() == 0; }, 10s);
  Open open{.share = 0, .per_second = per_second, .latency = {}, .open = approvals.open()};
  open.latency = spread_of(approvals.take_times());
  return open;
}

Spread idle_latency(const Crowd& crowd, Approvals& approvals, int orders) {
  Load load(approvals);
  load.add(order_one_at_a_time(crowd.buyer(load.where(), 0), approvals, orders));
  load.join(orders * 1s + patience);
  return spread_of(approvals.take_times());
}

}  // namespace mall::bench
