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

Workers::Workers(std::string name, std::size_t threads, std::size_t queue_limit) : queue_limit_(queue_limit) {
  name.resize(std::min<std::size_t>(name.size(), 15));  // the kernel's limit
  const std::size_t count = std::max<std::size_t>(threads, 1);
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

bool Workers::try_post(Job job) {
  {
    const std::scoped_lock lock(mutex_);
    if (stopping_ || queue_.size() >= queue_limit_) return false;
    queue_.push_back(std::move(job));
  }
  wake_.notify_one();
  return true;
}

bool Workers::stop(std::chrono::steady_clock::time_point deadline) {
  std::deque<Job> dropped;  // destroyed outside the lock: their destructors may do anything
  std::unique_lock lock(mutex_);
  stopping_ = true;
  wake_.notify_all();
  const bool done = idle_.wait_until(lock, deadline, [this] { return queue_.empty() && busy_ == 0; });
  dropped.swap(queue_);
  lock.unlock();
  return done;
}

std::size_t Workers::waiting() const {
  const std::scoped_lock lock(mutex_);
  return queue_.size();
}

void Workers::work() {
  std::unique_lock lock(mutex_);
  for (;;) {
    wake_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
    if (queue_.empty()) return;
    Job job = std::move(queue_.front());
    queue_.pop_front();
    ++busy_;
    lock.unlock();
    run_or_abort(std::move(job));
    lock.lock();
    --busy_;
    if (stopping_ && queue_.empty() && busy_ == 0) idle_.notify_all();
  }
}

}  // namespace pkg::rpc
