#pragma once
// A real mail server for tests: smtp_server_for_tests.py, which says who is refused.

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <string>
#include <string_view>

namespace pkg::mail::testing {

/// aiosmtpd in a child process, on a free port of loopback.
class SmtpServer {
 public:
  SmtpServer() {
    int ends[2];
    EXPECT_EQ(pipe2(ends, O_CLOEXEC), 0);
    out_ = ends[0];
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
    // Debian's own Python, which has the packages that Debian installs.
    std::string program = "/usr/bin/python3", script = "pkg/mail/smtp_server_for_tests.py";
    char* arguments[] = {program.data(), script.data(), nullptr};
    EXPECT_EQ(posix_spawn(&pid_, program.c_str(), &actions, nullptr, arguments, environ), 0);
    posix_spawn_file_actions_destroy(&actions);
    close(ends[1]);
    url_ = "smtp://127.0.0.1:" + next_line("the server's port");
  }
  SmtpServer(const SmtpServer&) = delete;
  SmtpServer& operator=(const SmtpServer&) = delete;
  ~SmtpServer() {
    stop();
    close(out_);
  }
  void stop() {
    if (pid_ <= 0) return;
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
    pid_ = 0;
  }

  const std::string& url() const { return url_; }

  /// What the server prints next; waits for it up to 20 s.
  std::string next_line(std::string_view awaited) {
    using namespace std::chrono_literals;
    const auto give_up = std::chrono::steady_clock::now() + 20s;
    while (buffer_.find('\n') == std::string::npos) {
      pollfd ready{out_, POLLIN, 0};
      const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(give_up - std::chrono::steady_clock::now());
      char bytes[65536];
      const auto got = left.count() > 0 && poll(&ready, 1, static_cast<int>(left.count())) == 1 ? read(out_, bytes, sizeof bytes) : 0;
      if (got <= 0) {
        ADD_FAILURE() << "the mail server did not print " << awaited;
        return {};
      }
      buffer_.append(bytes, static_cast<std::size_t>(got));
    }
    const auto end = buffer_.find('\n');
    auto line = buffer_.substr(0, end);
    buffer_.erase(0, end + 1);
    return line;
  }

 private:
  pid_t pid_ = 0;
  int out_ = -1;
  std::string buffer_;
  std::string url_;
};

}  // namespace pkg::mail::testing
