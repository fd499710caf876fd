#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace pkg::rpc {

/// A fixed number of threads and a bounded queue before them: where calls do their blocking work, so that no network thread waits.
/// They begin in the order in which they came, but that at most some of them are reads: whoever writes waits for the disk and shares that
/// wait with others, while reads at the same time only take the processor from each other.
class Workers {
 public:
  using Job = std::move_only_function<void()>;
  enum class Kind { call, read };
  struct Size {
    std::size_t threads = 1;       ///< at least one is started
    std::size_t reads_at_once = 0;  ///< at most so many of them do reads; 0: all
    std::size_t queue_limit = 0;    ///< at most so many jobs of each kind wait
  };

  /// Starts the threads, which `name` shows in a debugger.
  Workers(std::string name, Size size);
  /// Lets what was accepted finish, without a limit: call stop() first where there is one.
  ~Workers();
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;

  /// Takes the job, or refuses it at once: the queue is full, or stop() was called. A job that throws ends the process: there is
  /// nobody who could be told.
  [[nodiscard]] bool try_post(Job job, Kind kind = Kind::call);

  /// Takes no more jobs, and waits until those accepted are done. At the deadline, jobs that have not begun are dropped (destroyed
  /// without being run; a job that owes an answer gives it in its destructor) and those under way are left to the destructor.
  /// True where everything was done. May be called again.
  bool stop(std::chrono::steady_clock::time_point deadline);

  std::size_t waiting() const;

 private:
  struct Waiting {
    std::uint64_t number;  ///< in the order of their coming
    Job job;
  };
  using Queue = std::deque<Waiting>;

  void work();
  std::size_t waiting_jobs() const { return calls_.size() + reads_.size(); }
  bool may_read() const { return !reads_.empty() && reading_ < reads_at_once_; }
  bool is_next_a_read() const { return may_read() && (calls_.empty() || reads_.front().number < calls_.front().number); }

  const std::size_t reads_at_once_;
  const std::size_t queue_limit_;
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::condition_variable idle_;
  std::uint64_t posted_ = 0;
  Queue calls_, reads_;
  std::size_t busy_ = 0;
  std::size_t reading_ = 0;  ///< of the busy ones
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace pkg::rpc
