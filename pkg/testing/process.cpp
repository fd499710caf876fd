#include "pkg/testing/process.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string_view>
#include <thread>
#include <utility>

namespace pkg::testing {
namespace {

std::vector<std::string> merged_environment(const std::map<std::string, std::string>& added) {
  std::vector<std::string> merged;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    if (!added.contains(std::string(text.substr(0, text.find('='))))) merged.emplace_back(text);
  }
  for (const auto& [name, value] : added) merged.push_back(name + "=" + value);
  return merged;
}

std::vector<char*> pointers(std::vector<std::string>& words) {
  std::vector<char*> result;
  for (auto& word : words) result.push_back(word.data());
  result.push_back(nullptr);
  return result;
}

/// Only what may be called between fork and exec.
[[noreturn]] void become(pid_t parent, const char* folder, int input, int log, const std::vector<char*>& arguments,
                         const std::vector<char*>& environment) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(127);  // the parent ended before the line above
  ::setpgid(0, 0);                          // a Ctrl-C at the terminal is the test's to handle
  sigset_t none;
  sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  if (::chdir(folder) != 0) ::_exit(127);
  if (input >= 0) ::dup2(input, STDIN_FILENO);
  ::dup2(log, STDOUT_FILENO);
  ::dup2(log, STDERR_FILENO);
  ::close_range(STDERR_FILENO + 1, ~0U, 0);  // a test's own connections end when the test closes them
  ::execvpe(arguments[0], arguments.data(), environment.data());
  ::_exit(127);
}

int exit_status(int status) { return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status); }

}  // namespace

Process::Process(Command command) : command_(std::move(command)), environment_(merged_environment(command_.environment)) {}

Process::~Process() { kill(); }

void Process::start() {
  if (is_running()) return;
  const auto arguments = pointers(command_.words);
  const auto environment = pointers(environment_);
  const int log = ::open(command_.log.c_str(), O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC, 0600);
  const pid_t parent = ::getpid();
  const pid_t child = ::fork();
  if (child == 0) become(parent, command_.folder.c_str(), command_.input, log, arguments, environment);
  ::close(log);
  if (child < 0) {
    static_cast<void>(std::fprintf(stderr, "%s: cannot fork\n", command_.words.front().c_str()));
    std::abort();
  }
  pid_ = child;
}

bool Process::has_ended(int options) {
  if (pid_ == 0) return true;
  int status = 0;
  pid_t answer = 0;
  while ((answer = ::waitpid(pid_, &status, options)) < 0 && errno == EINTR) {
  }
  if (answer != pid_) return false;
  pid_ = 0;
  status_ = exit_status(status);
  return true;
}

bool Process::is_running() { return !has_ended(WNOHANG); }

std::optional<int> Process::stop(std::chrono::milliseconds patience) {
  if (!is_running()) return status_;
  ::kill(pid_, SIGTERM);
  const auto deadline = std::chrono::steady_clock::now() + patience;
  while (!has_ended(WNOHANG)) {
    if (std::chrono::steady_clock::now() > deadline) return std::nullopt;
    std::this_thread::sleep_for(std::chrono::milliseconds{2});
  }
  return status_;
}

void Process::kill() {
  if (pid_ == 0) return;
  ::kill(pid_, SIGKILL);
  has_ended(0);
}

void Process::pause() {
  if (pid_ == 0) return;
  ::kill(pid_, SIGSTOP);
  siginfo_t stopped{};
  while (::waitid(P_PID, static_cast<id_t>(pid_), &stopped, WSTOPPED | WEXITED | WNOWAIT) < 0 && errno == EINTR) {
  }
}

void Process::resume() {
  if (pid_ != 0) ::kill(pid_, SIGCONT);
}

std::string Process::log(std::size_t most) const {
  std::ifstream file(command_.log, std::ios::binary | std::ios::ate);
  if (!file) return {};
  const auto size = static_cast<std::size_t>(file.tellg());
  std::string text(std::min(size, most), '\0');
  file.seekg(static_cast<std::streamoff>(size - text.size()));
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  return text;
}

}  // namespace pkg::testing
