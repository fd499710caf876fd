#include "pkg/auth/hashing_threads.hpp"

#include <pthread.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>

#include "pkg/auth/password_hash.hpp"

namespace pkg::auth {
namespace {

using namespace std::chrono_literals;

constexpr auto patience = 2s;
constexpr int niceness = 10;  ///< a tenth of what a thread that serves gets where both want a core
/// So many times as long as it took nobody else computes for himself.
constexpr int rest = 4;

Hash compute(const HashJob& job) { return argon2id(job.password, job.salt, job.cost, job.size); }

}  // namespace

HashingThreads::HashingThreads(std::size_t threads, std::size_t waiting) : waiting_(waiting), idle_(std::max<std::size_t>(threads, 1)) {
  for (std::size_t i = 0; i < std::max<std::size_t>(threads, 1); ++i) {
    threads_.emplace_back([this] { work(); });
    pthread_setname_np(threads_.back().native_handle(), "passwords");
  }
}

HashingThreads::~HashingThreads() {
  {
    const std::scoped_lock lock(mutex_);
    stopping_ = true;
  }
  filled_.notify_all();
  for (auto& thread : threads_) thread.join();
}

std::optional<Hash> HashingThreads::run(HashJob job) {
  const auto mine = std::make_shared<Ticket>(Ticket{std::move(job), {}});  // shared with the thread that takes it
  const auto since = Clock::now();
  std::unique_lock lock(mutex_);
  if (is_full()) return std::nullopt;
  queue_.push_back(mine);
  filled_.notify_one();
  for (;;) {
    changed_.wait_until(lock, std::max(since + patience, next_may_compute_), [&] { return mine->done; });
    changed_.wait(lock, [&] { return mine->done || !one_computes_himself_; });
    if (mine->done) return std::move(mine->hash);
    if (Clock::now() >= next_may_compute_) return compute_oneself(lock, mine);
  }
}

bool HashingThreads::has_room() const {
  const std::scoped_lock lock(mutex_);
  return !is_full();
}

Hash HashingThreads::compute_oneself(std::unique_lock<std::mutex>& lock, const Shared& ticket) {
  one_computes_himself_ = true;
  std::erase(queue_, ticket);  // where a thread has it already it computes for nobody
  lock.unlock();
  const auto began = Clock::now();
  auto hash = compute(ticket->job);
  const auto end = Clock::now();
  lock.lock();
  one_computes_himself_ = false;
  next_may_compute_ = end + rest * (end - began);
  changed_.notify_all();
  return hash;
}

void HashingThreads::work() {
  // Of this thread; where it is not allowed, it is like any other. Not SCHED_IDLE: a thread that gets next to nothing of a busy machine may
  // stand still for seconds with a lock of the allocator's or of the kernel's, and all others of the process with it.
  static_cast<void>(::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), niceness));
  std::unique_lock lock(mutex_);
  for (;;) {
    filled_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
    if (queue_.empty()) return;
    const Shared next = std::move(queue_.front());
    queue_.pop_front();
    --idle_;
    lock.unlock();
    auto hash = compute(next->job);
    lock.lock();
    ++idle_;
    next->hash = std::move(hash);
    next->done = true;
    changed_.notify_all();
  }
}

}  // namespace pkg::auth
