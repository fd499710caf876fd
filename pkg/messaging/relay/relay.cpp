#include "pkg/messaging/relay/relay.hpp"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <utility>

#include "pkg/faults/crash_point.hpp"

namespace pkg::messaging {
namespace {

// A committing thread publishes at most so many of what has gathered before it leaves the rest to the relay's own, which sends as many
// together.
constexpr std::size_t publishes_together = 64;

constexpr std::size_t deleted_at_once = 2000;

// Waiting is measured on a clock that nobody sets.
clock::TimePoint steady_now() {
  return clock::TimePoint(std::chrono::duration_cast<clock::Duration>(std::chrono::steady_clock::now().time_since_epoch()));
}

}  // namespace

class Relay::Shell : public std::enable_shared_from_this<Relay::Shell> {
 public:
  Shell(OutboxStore& store, Broker& broker, RelayOptions options, MessagingListener& listener)
      : store_(store), broker_(broker), listener_(listener), again_(options.store_again), core_(options) {}

  /// Feeds the core and does what it then wants.
  template <class F>
  auto tell(F feed) {
    std::unique_lock lock(mutex_);
    if constexpr (std::is_void_v<decltype(feed(core_))>) {
      feed(core_);
      settle(lock);
    } else {
      auto result = feed(core_);
      settle(lock);
      return result;
    }
  }

  bool leads() {
    const std::scoped_lock lock(mutex_);
    return core_.is_active();
  }

  void want_to_lead(bool leads) {
    std::unique_lock lock(mutex_);
    if (wants_to_lead_ == leads) return;
    wants_to_lead_ = leads;
    ++wish_;
    if (!leads) {
      core_.stop();
      outgoing_.clear();
      jobs_.clear();
    }
    wake_.notify_all();
  }

  bool drain(std::chrono::milliseconds limit) {
    const auto deadline = std::chrono::steady_clock::now() + limit;
    std::unique_lock lock(mutex_);
    // A mark that is saved is one sweep less for the next leader, and no row published twice.
    const auto done = [&] { return ((core_.is_active() || !wants_to_lead_) && core_.is_drained() && core_.is_saved()) || ended_; };
    while (!done()) {
      if (core_.is_drained()) core_.save_soon(steady_now());
      settle(lock);
      if (done()) break;
      const auto now = std::chrono::steady_clock::now();
      if (now >= deadline) return false;
      changed_.wait_until(lock, std::min(deadline, now + std::chrono::milliseconds(20)));
    }
    return !ended_;
  }

  void end() {
    const std::scoped_lock lock(mutex_);
    ended_ = true;
    core_.stop();
    outgoing_.clear();
    jobs_.clear();
    wake_.notify_all();
    changed_.notify_all();
  }

  /// The relay's own thread.
  void run() {
    std::unique_lock lock(mutex_);
    while (!ended_) {
      if (wants_to_lead_ && !core_.is_active()) {
        take_the_lead(lock);
        continue;
      }
      core_.tick(steady_now());
      settle(lock);
      send(lock, outgoing_.size());
      if (!jobs_.empty()) {
        RelayAction job = std::move(jobs_.front());
        jobs_.pop_front();
        lock.unlock();
        perform(std::move(job));
        lock.lock();
        continue;
      }
      // What another thread is publishing just now it also finishes, or wakes us.
      if (ended_ || (!outgoing_.empty() && !sending_)) continue;
      const auto next = core_.next_wake();
      sleeps_until_ = next.value_or(clock::TimePoint::max());
      if (next) {
        wake_.wait_until(lock, std::chrono::steady_clock::time_point(next->time_since_epoch()));
      } else {
        wake_.wait(lock);
      }
      sleeps_until_.reset();
    }
  }

 private:
  void take_the_lead(std::unique_lock<std::mutex>& lock) {
    const auto wish = wish_;
    lock.unlock();
    auto mark = store_.load_mark();
    note_database(mark.has_value());
    lock.lock();
    if (ended_ || wish != wish_) return;
    if (mark) {
      load_failures_ = 0;
      core_.start(*mark, true, steady_now());  // if it is not, it does not say who it is, and is asked again
      settle(lock);
    } else {
      wake_.wait_for(lock, again_.wait(++load_failures_, wish));
    }
  }

  // Called with the lock: sorts out what the core wants, publishes, and wakes the own thread where there is something for it.
  void settle(std::unique_lock<std::mutex>& lock) {
    bool own_work = false;
    for (auto& action : core_.take_actions()) {
      if (std::holds_alternative<RelayAction::Publish>(action.what)) {
        outgoing_.push_back(std::move(action));
      } else {
        jobs_.push_back(std::move(action));
        own_work = true;
      }
    }
    send(lock, publishes_together);
    const auto next = core_.next_wake();
    const bool left_over = !outgoing_.empty() && !sending_;
    if (own_work || left_over || (sleeps_until_ && next && *next < *sleeps_until_)) wake_.notify_all();
    changed_.notify_all();
  }

  // One thread at a time publishes; the others leave their rows to it. That also keeps a broker that confirms on the spot from
  // calling us deeper and deeper.
  void send(std::unique_lock<std::mutex>& lock, std::size_t at_most) {
    if (sending_) return;
    sending_ = true;
    while (!outgoing_.empty() && at_most > 0) {
      std::size_t together = std::min(at_most, publishes_together);
      at_most -= together;
      lock.unlock();
      broker_.gather([&] {
        lock.lock();
        for (; !outgoing_.empty() && together > 0; --together) publish_first(lock);
        lock.unlock();
      });
      lock.lock();
    }
    sending_ = false;
  }

  // Called with the lock, which it leaves meanwhile.
  void publish_first(std::unique_lock<std::mutex>& lock) {
    const RelayAction action = std::move(outgoing_.front());
    outgoing_.pop_front();
    const OutboxMessage& sent = std::get<RelayAction::Publish>(action.what).message;
    if (!core_.may_publish(action)) {
      core_.withdraw(action, steady_now());
      return;
    }
    lock.unlock();
    const faults::Scope scope("message", sent.message->type);
    broker_.publish(*sent.message, [self = shared_from_this(), epoch = action.epoch, sent](PublishResult result) {
      const faults::Scope confirmed("message", sent.message->type);
      faults::crash_point("relay.confirmed");
      self->tell([&](RelayCore& core) {
        core.published(epoch, sent.place, result, steady_now());
        self->time_publish(sent, result);
      });
    });
    faults::crash_point("relay.published");
    lock.lock();
  }

  void perform(RelayAction job) {
    struct Perform {
      Shell& shell;
      std::uint64_t epoch;
      void operator()(RelayAction::Publish&) const {}
      void operator()(RelayAction::Sweep& sweep) const {
        auto seen = shell.store_.sweep(sweep.request);
        shell.note_database(seen.has_value());
        shell.tell([&](RelayCore& core) { core.swept(epoch, std::move(seen), steady_now()); });
      }
      void operator()(RelayAction::Save& save) const {
        faults::crash_point("relay.saving", "mark");
        const auto done = shell.store_.save_mark(save.mark);
        faults::crash_point("relay.saved", "mark");
        shell.note_database(done.has_value());
        shell.tell([&](RelayCore& core) { core.saved(epoch, save.mark, done.has_value(), steady_now()); });
      }
      void operator()(RelayAction::RecordDead& dead) const {
        const auto done = shell.store_.record_dead(dead.message);
        shell.note_database(done.has_value());
        if (done) shell.listener_.handled(*dead.message.message, Handling::dead);
        if (done) shell.listener_.failed(*dead.message.message, "The broker refuses it.");
        shell.tell([&](RelayCore& core) { core.dead_recorded(epoch, dead.message.place, done.has_value(), steady_now()); });
      }
      void operator()(RelayAction::AskBroker&) const {
        const auto state = shell.broker_.state();
        shell.note_broker(state.has_value());
        const bool refills = shell.tell([&](RelayCore& core) {
          const auto before = core.figures().refills;
          core.broker_state(epoch, state, steady_now());
          return core.figures().refills > before;
        });
        if (refills) shell.listener_.noted("relay", "the broker lost messages and is filled again");
      }
      void operator()(RelayAction::AskPositions& ask) const {
        const auto positions = shell.broker_.positions(ask.channels);
        shell.tell([&](RelayCore& core) { core.positions(epoch, positions, steady_now()); });
      }
      void operator()(RelayAction::Delete& del) const {
        const auto gone = shell.store_.delete_up_to(del.up_to, deleted_at_once);
        shell.note_database(gone.has_value());
        const bool more = !gone || *gone == deleted_at_once;
        shell.tell([&](RelayCore& core) { core.deleted(epoch, del.up_to, more, steady_now()); });
      }
    };
    std::visit(Perform{*this, job.epoch}, job.what);
  }

  // Called with the lock, under which the listener is there until the end.
  void time_publish(const OutboxMessage& sent, const PublishResult& result) {
    if (ended_ || !result || sent.handed_over_at == clock::TimePoint{}) return;
    listener_.took(Hop::publish, steady_now() - sent.handed_over_at);
  }

  void note_database(bool well) {
    if (std::exchange(database_well_, well) != well) listener_.reaches("relay", the_database, well);
  }
  void note_broker(bool well) {
    if (std::exchange(broker_well_, well) != well) listener_.reaches("relay", the_broker, well);
  }

  OutboxStore& store_;
  Broker& broker_;
  MessagingListener& listener_;
  const Backoff again_;

  std::mutex mutex_;
  std::condition_variable wake_;     // the own thread's
  std::condition_variable changed_;  // for those who drain
  RelayCore core_;
  std::deque<RelayAction> outgoing_;
  std::deque<RelayAction> jobs_;
  bool sending_ = false;
  bool wants_to_lead_ = false;
  std::uint64_t wish_ = 0;
  bool ended_ = false;
  std::optional<clock::TimePoint> sleeps_until_;

  // Of the own thread.
  std::uint32_t load_failures_ = 0;
  bool database_well_ = true;
  bool broker_well_ = true;
};

Relay::Relay(OutboxStore& store, Broker& broker, RelayOptions options, MessagingListener& listener)
    : shell_(std::make_shared<Shell>(store, broker, options, listener)) {
  broker.on_connection([weak = std::weak_ptr(shell_)](bool up) {
    if (const auto shell = weak.lock()) shell->tell([&](RelayCore& core) { core.connection(up, steady_now()); });
  });
  // An exception here is a mistake of ours: it leaves run(), and std::terminate ends the process.
  thread_ = std::thread([shell = shell_] { shell->run(); });
}

Relay::~Relay() {
  shell_->end();
  thread_.join();
}

void Relay::lead() { shell_->want_to_lead(true); }
void Relay::follow() { shell_->want_to_lead(false); }
bool Relay::drain(std::chrono::milliseconds limit) { return shell_->drain(limit); }

void Relay::others_write() {
  shell_->tell([](RelayCore& core) { core.others_write(steady_now()); });
}

bool Relay::leads() const { return shell_->leads(); }
Ticket Relay::announced() {
  return shell_->tell([](RelayCore& core) { return core.announced(); });
}
void Relay::committed(Ticket ticket, std::vector<OutboxRow> rows) {
  const auto now = steady_now();
  for (auto& row : rows) row.handed_over_at = now;
  shell_->tell([&](RelayCore& core) { core.committed(ticket, std::move(rows), now); });
}
void Relay::rolled_back(Ticket ticket) {
  shell_->tell([&](RelayCore& core) { core.rolled_back(ticket, steady_now()); });
}
void Relay::unknown(Ticket ticket) {
  shell_->tell([&](RelayCore& core) { core.unknown(ticket, steady_now()); });
}

RelayFigures Relay::figures() const {
  return shell_->tell([](RelayCore& core) { return core.figures(); });
}

}  // namespace pkg::messaging
