#include "pkg/rpc/workers.hpp"

#include <pthread.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <utility>

#include <fmt/format.h>

namespace pkg::rpc {
namespace {

void run_or_abort(Workers::Job job) {
  try {
    job();
    return;
  } catch (const std::exception& e) {
    fmt::print(stderr, "fatal: a worker's job let an exception out: {}\n", e.what());
  } catch (...) {
    fmt::print(stderr, "fatal: a worker's job let out an exception of no known type\n");
  }
  std::fflush(stderr);
  std::abort();
}

}  // namespace

Workers::Workers(std::string name, Size size)
    : reads_at_once_(size.reads_at_once == 0 ? SIZE_MAX : size.reads_at_once), queue_limit_(size.queue_limit) {
  name.resize(std::min<std::size_t>(name.size(), 15));  // the kernel's limit
  const std::size_t count = std::max<std::size_t>(size.threads, 1);
  threads_.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    threads_.emplace_back([this] { work(); });
    pthread_setname_np(threads_.back().native_handle(), name.c_str());
  }
}

Workers::~Workers() {
  {
    const std::scoped_lock lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  for (auto& thread : threads_) thread.join();
}

bool Workers::try_post(Job job, Kind kind) {
  std::unique_lock lock(mutex_);
  Queue& queue = kind == Kind::read ? reads_ : calls_;
  if (stopping_ || queue.size() >= queue_limit_) return false;
  queue.push_back({++posted_, std::move(job)});
  const bool may_begin = kind == Kind::call || may_read();
  lock.unlock();
  if (may_begin) wake_.notify_one();
  return true;
}

bool Workers::stop(std::chrono::steady_clock::time_point deadline) {
  Queue dropped_calls, dropped_reads;  // destroyed outside the lock: their destructors may do anything
  std::unique_lock lock(mutex_);
  stopping_ = true;
  wake_.notify_all();
  const bool done = idle_.wait_until(lock, deadline, [this] { return waiting_jobs() == 0 && busy_ == 0; });
  dropped_calls.swap(calls_);
  dropped_reads.swap(reads_);
  lock.unlock();
  return done;
}

std::size_t Workers::waiting() const {
  const std::scoped_lock lock(mutex_);
  return waiting_jobs();
}

void Workers::work() {
  std::unique_lock lock(mutex_);
  for (;;) {
    wake_.wait(lock, [this] { return !calls_.empty() || may_read() || stopping_; });
    if (calls_.empty() && !may_read()) return;  // reads that wait are for those who read now
    const bool is_read = is_next_a_read();
    Queue& queue = is_read ? reads_ : calls_;
    Job job = std::move(queue.front().job);
    queue.pop_front();
    ++busy_;
    reading_ += is_read ? 1 : 0;
    // Reads are not woken for while there are enough: somebody else goes on with them where this thread does something else.
    const bool is_for_others = may_read();
    lock.unlock();
    if (is_for_others) wake_.notify_one();
    run_or_abort(std::move(job));
    lock.lock();
    --busy_;
    reading_ -= is_read ? 1 : 0;
    if (stopping_ && waiting_jobs() == 0 && busy_ == 0) idle_.notify_all();
  }
}

}  // namespace pkg::rpc
