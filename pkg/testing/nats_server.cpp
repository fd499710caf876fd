#include "pkg/testing/nats_server.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <thread>

#include "pkg/testing/ports.hpp"

namespace pkg::testing {
namespace {

[[noreturn]] void give_up(const std::string& why) {
  static_cast<void>(std::fprintf(stderr, "nats-server for tests: %s\n", why.c_str()));
  std::abort();
}

/// Debian's is too old for the broker, so the set-up fetches one; without it, whatever is on the PATH.
std::string program() { return std::filesystem::exists(NATS_SERVER) ? NATS_SERVER : "nats-server"; }

std::filesystem::path new_folder() {
  std::string folder = (std::filesystem::temp_directory_path() / "nats-server-XXXXXX").string();
  if (::mkdtemp(folder.data()) == nullptr) give_up("no temporary folder");
  return folder;
}

std::vector<std::string> words(int port, const std::filesystem::path& storage, const std::vector<std::string>& more) {
  std::vector<std::string> all{program(),     "--addr",      "127.0.0.1",     "--port", std::to_string(port),
                               "--jetstream", "--store_dir", storage.string()};
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

}  // namespace

// It stands in its folder, as it writes files where it stands when a stream is removed under it.
NatsServer::NatsServer(const std::vector<std::string>& arguments)
    : folder_(new_folder()),
      port_(free_port()),
      process_({.words = words(port_, folder_ / "storage", arguments), .environment = {}, .folder = folder_, .log = folder_ / "log"}) {
  start();
}

NatsServer::~NatsServer() {
  kill();
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

std::string NatsServer::url() const { return "nats://127.0.0.1:" + std::to_string(port_); }

/// The server greets every client with a line that starts with INFO, and opens its port last.
bool NatsServer::greets() const {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const timeval limit{1, 0};
  ::setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(port_));
  char greeting[4]{};
  const bool greeted = ::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 &&
                       ::recv(socket, greeting, sizeof greeting, MSG_WAITALL) == sizeof greeting &&
                       std::memcmp(greeting, "INFO", sizeof greeting) == 0;
  ::close(socket);
  return greeted;
}

void NatsServer::start() {
  if (process_.is_running()) return;
  process_.start();
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{10};
  while (process_.is_running() && !greets()) {
    if (std::chrono::steady_clock::now() > deadline) give_up("it is not ready after 10 s; its log:\n" + process_.log());
    std::this_thread::sleep_for(std::chrono::milliseconds{2});
  }
  if (!process_.is_running()) give_up("it ended at its start; its log:\n" + process_.log());
}

void NatsServer::stop() {
  process_.resume();
  if (!process_.stop()) give_up("it does not end; its log:\n" + process_.log());
}
void NatsServer::kill() { process_.kill(); }

void NatsServer::wipe() {
  if (process_.is_running()) give_up("wiped while it runs");
  std::filesystem::remove_all(folder_ / "storage");
}

void NatsServer::pause() { process_.pause(); }
void NatsServer::resume() { process_.resume(); }

}  // namespace pkg::testing
