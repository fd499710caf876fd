#include "pkg/testing/nats_server.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iostream>
#include <thread>
#include <vector>

namespace pkg::testing {
namespace {

[[noreturn]] void give_up(const std::string& why) {
  static_cast<void>(std::fprintf(stderr, "nats-server for tests: %s\n", why.c_str()));
  std::abort();
}

sockaddr_in loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  return address;
}

class Socket {
 public:
  Socket() : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {}
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  ~Socket() { ::close(fd_); }
  int fd() const { return fd_; }

 private:
  int fd_;
};

int free_port() {
  const Socket socket;
  sockaddr_in address = loopback(0);
  socklen_t size = sizeof address;
  if (::bind(socket.fd(), reinterpret_cast<const sockaddr*>(&address), size) != 0 ||
      ::getsockname(socket.fd(), reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    give_up("no free port");
  }
  return ntohs(address.sin_port);
}

/// The server greets every client with a line that starts with INFO; a client that answers PING then knows that JetStream is up, as the
/// server opens its port last.
bool greets(int port) {
  const Socket socket;
  const timeval limit{1, 0};
  ::setsockopt(socket.fd(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  const sockaddr_in address = loopback(port);
  if (::connect(socket.fd(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) return false;
  char greeting[4]{};
  return ::recv(socket.fd(), greeting, sizeof greeting, MSG_WAITALL) == sizeof greeting && std::memcmp(greeting, "INFO", 4) == 0;
}

/// Only what may be called between fork and exec.
[[noreturn]] void become_server(pid_t parent, const char* folder, const std::vector<char*>& arguments, int log) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::chdir(folder) != 0) ::_exit(127);  // it writes files where it stands when a stream is removed under it
  if (::getppid() != parent) ::_exit(127);  // it ended before the line above
  ::dup2(log, STDOUT_FILENO);
  ::dup2(log, STDERR_FILENO);
  ::execvp(arguments[0], arguments.data());
  ::_exit(127);
}

}  // namespace

NatsServer::NatsServer() {
  std::string folder = (std::filesystem::temp_directory_path() / "nats-server-XXXXXX").string();
  if (::mkdtemp(folder.data()) == nullptr) give_up("no temporary folder");
  folder_ = folder;
  port_ = free_port();
  start();
}

NatsServer::~NatsServer() {
  kill();
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

std::string NatsServer::url() const { return "nats://127.0.0.1:" + std::to_string(port_); }

void NatsServer::start() {
  if (pid_ > 0) return;
  const auto log_path = folder_ / "log";
  std::vector<std::string> words{"nats-server",         "--addr",      "127.0.0.1",   "--port",
                                 std::to_string(port_), "--jetstream", "--store_dir", (folder_ / "storage").string()};
  std::vector<char*> arguments;
  for (auto& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  const int log = ::open(log_path.c_str(), O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC, 0600);
  const pid_t parent = ::getpid();
  pid_ = ::fork();
  if (pid_ == 0) become_server(parent, folder_.c_str(), arguments, log);
  ::close(log);
  if (pid_ < 0) give_up("fork failed");
  if (is_ready(std::chrono::seconds{10})) return;
  std::cerr << std::ifstream(log_path).rdbuf();
  give_up("it is not ready after 10 s");
}

bool NatsServer::is_ready(std::chrono::milliseconds limit) {
  const auto deadline = std::chrono::steady_clock::now() + limit;
  while (std::chrono::steady_clock::now() < deadline) {
    if (has_ended()) return false;
    if (greets(port_)) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds{2});
  }
  return false;
}

bool NatsServer::has_ended() {
  if (::waitpid(pid_, nullptr, WNOHANG) != pid_) return false;
  pid_ = -1;
  return true;
}

void NatsServer::end_with(int signal) {
  if (pid_ <= 0) return;
  ::kill(pid_, signal);
  ::kill(pid_, SIGCONT);  // a paused one hears nothing else
  while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
  }
  pid_ = -1;
}

void NatsServer::stop() { end_with(SIGTERM); }
void NatsServer::kill() { end_with(SIGKILL); }

void NatsServer::wipe() {
  if (pid_ > 0) give_up("wiped while it runs");
  std::filesystem::remove_all(folder_ / "storage");
}

void NatsServer::pause() {
  ::kill(pid_, SIGSTOP);
  while (::waitpid(pid_, nullptr, WUNTRACED) < 0 && errno == EINTR) {
  }
}
void NatsServer::resume() { ::kill(pid_, SIGCONT); }

}  // namespace pkg::testing
