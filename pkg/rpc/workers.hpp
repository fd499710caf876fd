#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace pkg::rpc {

/// A fixed number of threads and a bounded queue before them: where calls do their blocking work, so that no network thread waits.
class Workers {
 public:
  using Job = std::move_only_function<void()>;

  /// Starts `threads` threads (at least one) that `name` shows in a debugger. At most `queue_limit` jobs wait.
  Workers(std::string name, std::size_t threads, std::size_t queue_limit);
  /// Lets what was accepted finish, without a limit: call stop() first where there is one.
  ~Workers();
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;

  /// Takes the job, or refuses it at once: the queue is full, or stop() was called. A job that throws ends the process: there is
  /// nobody who could be told.
  [[nodiscard]] bool try_post(Job job);

  /// Takes no more jobs, and waits until those accepted are done. At the deadline, jobs that have not begun are dropped (destroyed
  /// without being run; a job that owes an answer gives it in its destructor) and those under way are left to the destructor.
  /// True where everything was done. May be called again.
  bool stop(std::chrono::steady_clock::time_point deadline);

  std::size_t waiting() const;

 private:
  void work();

  const std::size_t queue_limit_;
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::condition_variable idle_;
  std::deque<Job> queue_;
  std::size_t busy_ = 0;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace pkg::rpc
