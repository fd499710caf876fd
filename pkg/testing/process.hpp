#pragma once
// A program that a test runs beside itself.

#include <chrono>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <sys/types.h>

namespace pkg::testing {

/// It ends with the object, and also, by the kernel, when the thread that started it ends, however that comes: start it on the main
/// thread. Not safe for calls from several threads at the same time.
class Process {
 public:
  struct Command {
    std::vector<std::string> words;                  ///< the program (by path, or found in PATH) and its arguments
    std::map<std::string, std::string> environment;  ///< on top of the test's own
    std::filesystem::path folder = "/";              ///< where it stands
    std::filesystem::path log;                       ///< what it writes is added here
    int input = -1;                                  ///< a descriptor that becomes its standard input; -1: the test's own
  };

  /// Does not start it.
  explicit Process(Command command);
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;
  /// SIGKILL.
  ~Process();

  /// No effect where it runs.
  void start();
  /// SIGTERM. Gives the exit status, 128 + N where signal N ended it; nothing where it did not end in time: then it runs on.
  std::optional<int> stop(std::chrono::milliseconds patience = std::chrono::seconds{15});
  /// SIGKILL; it is gone once this returns. No effect where it does not run.
  void kill();
  /// SIGSTOP; it stands still once this returns, its connections stay open.
  void pause();
  void resume();
  bool is_running();

  /// 0 where it does not run.
  pid_t pid() const { return pid_; }
  /// What it has written, the last `most` bytes of it.
  std::string log(std::size_t most = 8'000) const;

 private:
  bool has_ended(int options);

  Command command_;
  std::vector<std::string> environment_;
  pid_t pid_ = 0;
  int status_ = 0;
};

}  // namespace pkg::testing
