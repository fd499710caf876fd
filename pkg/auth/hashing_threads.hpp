#pragma once
// Internal to pkg/auth: where passwords are hashed.

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "pkg/auth/password_cost.hpp"

namespace pkg::auth {

struct HashJob {
  std::string password;
  std::vector<std::uint8_t> salt;
  PasswordCost cost;
  std::size_t size = 0;
};
/// Nothing where there is no memory.
using Hash = std::optional<std::vector<std::uint8_t>>;

/// Threads that step back where others want the machine: with a niceness of 10 they get about a tenth of what one of those gets. First
/// come, first served. So that a machine that is busy for long does not shut everybody out, a caller who has waited for two seconds
/// computes for himself, one at a time and for a fifth of a core at most.
class HashingThreads {
 public:
  /// Of `threads` (at least one) as many jobs run at the same time; at most `waiting` wait.
  HashingThreads(std::size_t threads, std::size_t waiting);
  /// Nobody waits in run() any more.
  ~HashingThreads();
  HashingThreads(const HashingThreads&) = delete;
  HashingThreads& operator=(const HashingThreads&) = delete;

  /// Returns when it is done. Nothing, and at once, where too many wait already.
  std::optional<Hash> run(HashJob job);
  bool has_room() const;

 private:
  using Clock = std::chrono::steady_clock;
  struct Ticket {
    HashJob job;
    Hash hash;
    bool done = false;
  };
  using Shared = std::shared_ptr<Ticket>;  // by its caller and the thread that computes it, for either may be the slower one

  // A thread that was woken for a job may not have taken it yet.
  bool is_full() const { return queue_.size() >= idle_ + waiting_; }
  void work();
  Hash compute_oneself(std::unique_lock<std::mutex>& lock, const Shared& ticket);

  const std::size_t waiting_;
  mutable std::mutex mutex_;
  std::condition_variable filled_;
  std::condition_variable changed_;
  std::deque<Shared> queue_;
  std::size_t idle_;
  bool one_computes_himself_ = false;
  Clock::time_point next_may_compute_;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace pkg::auth
