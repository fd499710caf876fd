#pragma once

#include <filesystem>
#include <set>

#include <sys/types.h>

namespace pkg::testing {

/// Hears which processes say that they are ready, as a supervisor does: NOTIFY_SOCKET of sd_notify(3).
class NotifySocket {
 public:
  /// In a folder that is there.
  explicit NotifySocket(std::filesystem::path path);
  ~NotifySocket();
  NotifySocket(const NotifySocket&) = delete;
  NotifySocket& operator=(const NotifySocket&) = delete;

  const std::filesystem::path& path() const { return path_; }
  /// Whether this process has said so by now.
  bool is_ready(pid_t process);

 private:
  const std::filesystem::path path_;
  const int socket_;
  std::set<pid_t> ready_;
};

}  // namespace pkg::testing
