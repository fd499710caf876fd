#pragma once

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace pkg::agent {

/// Threads that do work together, round after round. They are made when there is first something for them to do, and sleep between rounds:
/// making one for each piece of work cost more than the work did.
class Crew {
 public:
  /// So many work at the same time at most, who gives the work being one of them. `task` is the Ticker's for whom it is done.
  Crew(std::size_t threads, std::string task) : threads_(std::max<std::size_t>(1, threads)), task_(std::move(task)) {}
  Crew(const Crew&) = delete;
  Crew& operator=(const Crew&) = delete;
  ~Crew();

  /// Does `work(i)` for each i below `count`; returns when all are done. By one thread at a time. An exception ends the process, as one of
  /// a task does.
  void do_each(std::size_t count, const std::function<void(std::size_t)>& work);

 private:
  void help();
  void take_one_after_the_other() noexcept;

  const std::size_t threads_;
  const std::string task_;
  const std::function<void(std::size_t)>* work_ = nullptr;  // of the round
  std::size_t count_ = 0;
  std::atomic<std::size_t> next_ = 0;
  std::mutex mutex_;
  std::condition_variable called_, done_;
  std::size_t places_ = 0;  // for helpers who join in
  std::size_t helping_ = 0;
  bool is_over_ = false;
  std::vector<std::jthread> helpers_;
};

}  // namespace pkg::agent
