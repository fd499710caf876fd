#include "pkg/agent/ticker.hpp"

#include <algorithm>
#include <utility>

#include "pkg/faults/crash_point.hpp"

namespace pkg::agent {

Ticker::~Ticker() { stop(); }

void Ticker::every(std::chrono::milliseconds interval, std::string name, Task task) {
  entries_.push_back({std::move(name), interval, std::move(task), {}, false});
}

void Ticker::start() {
  if (entries_.empty()) return;
  const auto now = std::chrono::steady_clock::now();
  for (auto& entry : entries_) entry.due = now + entry.interval;
  thread_ = std::thread([this]() noexcept { run(); });
}

void Ticker::stop() {
  {
    const std::scoped_lock lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void Ticker::wake(const std::string& name, std::chrono::milliseconds within) {
  const auto due = std::chrono::steady_clock::now() + within;
  {
    const std::scoped_lock lock(mutex_);
    const auto entry = std::ranges::find(entries_, name, &Entry::name);
    if (entry == entries_.end() || entry->due <= due) return;
    entry->due = due;
  }
  changed_.notify_all();
}

void Ticker::run() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    const auto next = std::ranges::min_element(entries_, {}, &Entry::due);
    if (next->due > std::chrono::steady_clock::now()) {
      changed_.wait_until(lock, next->due);
      continue;
    }
    // Pushed on before the round, so that a wake() during it is not lost.
    next->due = Time::max();
    lock.unlock();
    do_round(*next);
    lock.lock();
  }
}

void Ticker::do_round(Entry& entry) {
  const faults::Scope scope("task", entry.name);
  const auto done = entry.task();
  if (!done && !entry.failing) log_.warn("a periodic task fails; it is tried again", done.error(), {{"task", entry.name}});
  if (done && entry.failing) log_.info("a periodic task works again", {{"task", entry.name}});
  entry.failing = !done;
  const auto next_time = done && *done ? **done : entry.interval;
  const auto wait = done ? next_time : std::min(next_time, after_failure_);
  const std::scoped_lock lock(mutex_);
  entry.due = std::min(entry.due, std::chrono::steady_clock::now() + wait);
}

}  // namespace pkg::agent
