#include "pkg/messaging/pump/message_pump.hpp"

#include <algorithm>
#include <utility>

namespace pkg::messaging {
namespace {

using Steady = std::chrono::steady_clock;

constexpr std::size_t forgotten_at_once = 5000;
constexpr std::chrono::seconds parked_again{1};  // while the database is away
constexpr std::chrono::milliseconds between_looks{100};
// Looking, which costs by the keys that wait, and trying what fails take at most a fortieth of this thread's time. But a try that waits for
// something that is away takes it from nobody.
constexpr int rest_after_failing = 40;
constexpr std::chrono::seconds longest_rest{5};

std::chrono::milliseconds left_until(Steady::time_point deadline) {
  return std::max(std::chrono::milliseconds(0), std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Steady::now()));
}

}  // namespace

MessagePump::MessagePump(PumpParts parts, PumpOptions options, MessagingListener& listener)
    : parts_(parts),
      options_(std::move(options)),
      listener_(listener),
      handler_(parts.transactor, parts.inbox, parts.lot, parts.handlers, parts.clock, options_.retry, listener),
      attendant_(parts.transactor, parts.lot, parts.handlers, parts.clock, options_.retry, listener) {
  // An exception on these threads is a mistake of ours: std::terminate ends the process.
  leader_thread_ = std::thread([this] { keep_leading(); });
  parked_thread_ = std::thread([this] { attend_parked(); });
}

MessagePump::~MessagePump() { drain(std::chrono::milliseconds(0)); }

void MessagePump::keep_leading() {
  std::unique_lock lock(mutex_);
  while (!ending_) {
    const auto next_look = Steady::now() + options_.leadership_interval;
    lock.unlock();
    const bool is_sure = look_at_leadership(options_.leadership_interval);
    if (is_sure) {
      // That ends by itself when the lead does; now and then it is asked all the same.
      const bool others = parts_.leadership.await_others(options_.leadership_patience / 3);
      last_known_ = Steady::now();
      if (others) parts_.relay.others_write();
    }
    lock.lock();
    if (!is_sure) changed_.wait_until(lock, next_look, [this] { return ending_; });  // a stand-by has waited for all of that
  }
}

// True where this process leads for certain.
bool MessagePump::look_at_leadership(std::chrono::milliseconds patience) {
  const Lead lead = parts_.leadership.hold(patience);
  if (lead != Lead::unknown) last_known_ = Steady::now();
  switch (lead) {
    case Lead::taken:
      if (leads_) stop_leading();
      start_leading();
      break;
    case Lead::elsewhere:
      if (leads_) stop_leading();
      break;
    case Lead::kept: {
      if (!leads_) start_leading();
      const std::scoped_lock consumer_lock(consumer_mutex_);
      if (consumer_) consumer_->give_signs(true);
      break;
    }
    case Lead::unknown: {
      // Nothing can be handled without the database, and what is held stays in its order.
      const std::scoped_lock consumer_lock(consumer_mutex_);
      if (consumer_) consumer_->give_signs(false);
      break;
    }
  }
  if (leads_ && Steady::now() - last_known_ > options_.leadership_patience) stop_leading();
  return lead == Lead::kept || lead == Lead::taken;
}

void MessagePump::start_leading() {
  const std::scoped_lock consumer_lock(consumer_mutex_);
  {
    const std::scoped_lock lock(mutex_);
    if (ending_) return;
    leads_ = look_now_ = true;
    changed_.notify_all();
  }
  parts_.relay.lead();
  if (!options_.consumer.subscription.channels.empty()) {
    consumer_ = std::make_unique<Consumer>(parts_.broker, handler_, options_.consumer, [this] { look_at_parked(); }, listener_);
  }
  listener_.noted("pump", "leads");
}

void MessagePump::stop_leading() {
  const std::scoped_lock consumer_lock(consumer_mutex_);
  leads_ = false;
  parts_.relay.follow();
  consumer_.reset();
  listener_.noted("pump", "stands by");
}

// Each batch with a message that joins a queue asks for it, mostly while the last one's look is still to come: that wakes nobody.
void MessagePump::look_at_parked() {
  {
    const std::scoped_lock lock(mutex_);
    if (std::exchange(look_now_, true)) return;
  }
  changed_.notify_all();
}

bool MessagePump::wait_to_end(std::unique_lock<std::mutex>& lock, Steady::time_point until) {
  return changed_.wait_until(lock, until, [this] { return ending_; });
}

void MessagePump::attend_parked() {
  std::unique_lock lock(mutex_);
  auto next_look = Steady::now();
  auto next_clean = Steady::now() + options_.inbox_clean_interval;
  while (!ending_) {
    changed_.wait_until(lock, std::min(next_look, next_clean), [this] { return ending_ || (leads_ && look_now_); });
    if (ending_) return;
    const auto now = Steady::now();
    if (!leads_) {
      next_look = std::max(next_look, now + options_.leadership_interval);
      next_clean = std::max(next_clean, now + options_.leadership_interval);
      continue;
    }
    if (std::exchange(look_now_, false) || now >= next_look) {
      lock.unlock();
      const auto round = attendant_.go_round();
      const auto wall = parts_.clock.now();
      lock.lock();
      next_look = Steady::now() + options_.parked_interval;
      if (round.store_away) next_look = Steady::now() + parked_again;
      if (round.next_due)
        next_look = std::min<Steady::time_point>(next_look, Steady::now() + std::max(*round.next_due - wall, clock::Duration(0)));
      // Hardly any look that a message in a queue asked for finds something to try.
      Steady::duration rest = std::min<Steady::duration>(round.in_vain * rest_after_failing, longest_rest);
      if (next_look > Steady::now()) rest = std::max<Steady::duration>(rest, between_looks);
      if (rest > Steady::duration(0)) wait_to_end(lock, Steady::now() + rest);
    }
    if (!ending_ && Steady::now() >= next_clean) {
      lock.unlock();
      const bool more = clean_inbox();
      lock.lock();
      next_clean = Steady::now() + (more ? std::chrono::milliseconds(200) : std::chrono::milliseconds(options_.inbox_clean_interval));
    }
  }
}

// True where there is more to forget.
bool MessagePump::clean_inbox() {
  const auto forgotten = parts_.inbox.forget_before(parts_.clock.now() - options_.inbox_retention, forgotten_at_once);
  return forgotten && *forgotten == forgotten_at_once;
}

bool MessagePump::hand_over(std::chrono::milliseconds limit) {
  const auto deadline = Steady::now() + limit;
  {
    const std::scoped_lock lock(mutex_);
    if (ending_) return true;
    ending_ = true;
    changed_.notify_all();
  }
  parts_.leadership.interrupt();
  {
    const std::scoped_lock consumer_lock(consumer_mutex_);
    if (consumer_ && limit.count() > 0) handled_all_ = consumer_->drain(left_until(deadline));
    consumer_.reset();
  }
  parked_thread_.join();
  leader_thread_.join();
  passed_over_ = parts_.relay.figures().passed_over;
  if (leads_ && limit.count() > 0) left_some_ = !parts_.relay.drain(left_until(deadline));
  parts_.relay.follow();
  if (leads_.exchange(false)) listener_.noted("pump", "hands over");
  parts_.leadership.release();
  return handled_all_ && !left_some_;
}

bool MessagePump::drain(std::chrono::milliseconds limit) {
  const auto deadline = Steady::now() + limit;
  hand_over(limit);
  if (std::exchange(ended_, true) || limit.count() == 0) return handled_all_ && !left_some_;
  return publish_the_rest(deadline) && handled_all_;
}

bool MessagePump::publish_the_rest(Steady::time_point deadline) {
  if (!left_some_ && parts_.relay.figures().passed_over == passed_over_) return true;
  const Lead lead = parts_.leadership.hold(std::chrono::milliseconds(0));
  if (lead == Lead::elsewhere) return true;
  if (lead == Lead::unknown) return false;
  parts_.relay.lead();
  const bool all = parts_.relay.drain(left_until(deadline));
  parts_.relay.follow();
  parts_.leadership.release();
  return all;
}

}  // namespace pkg::messaging
