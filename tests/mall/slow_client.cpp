#include "tests/mall/slow_client.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace mall::testing {

using namespace std::chrono_literals;

bool allow_files(std::size_t count) {
  rlimit files{};
  if (::getrlimit(RLIMIT_NOFILE, &files) != 0 || files.rlim_max < count) return false;
  files.rlim_cur = std::max<rlim_t>(files.rlim_cur, count);
  return ::setrlimit(RLIMIT_NOFILE, &files) == 0;
}

SlowClient::SlowClient(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  const int window = 4096;
  ::setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &window, sizeof window);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    ::close(std::exchange(socket_, -1));
    return;
  }
  ::fcntl(socket_, F_SETFL, O_NONBLOCK);
}

SlowClient::~SlowClient() {
  if (socket_ >= 0) ::close(socket_);
}

SlowClient::SlowClient(SlowClient&& other) noexcept : socket_(std::exchange(other.socket_, -1)) {}

bool SlowClient::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0) return errno == EAGAIN;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

bool SlowClient::send_all(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno == EAGAIN && wait_for(POLLOUT, 10s)) continue;
    if (sent < 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

void SlowClient::send_until_closed(std::string_view again_and_again, std::chrono::milliseconds limit) {
  const auto deadline = std::chrono::steady_clock::now() + limit;
  while (send_all(again_and_again)) {
    if (std::chrono::steady_clock::now() < deadline) continue;
    ADD_FAILURE() << "it was listened to for " << limit.count() << " ms";
    return;
  }
}

std::string SlowClient::read_to_the_end(std::chrono::milliseconds limit) {
  constexpr std::size_t most = 64 * 1024;
  const auto deadline = std::chrono::steady_clock::now() + limit;
  std::string said;
  std::array<char, 16 * 1024> chunk{};
  for (;;) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    if (left <= 0ms || !wait_for(POLLIN, left)) {
      ADD_FAILURE() << "the connection was not closed within " << limit.count() << " ms; so far it said " << said.substr(0, 200);
      return said;
    }
    const auto count = ::recv(socket_, chunk.data(), chunk.size(), 0);
    if (count == 0 || (count < 0 && errno != EAGAIN)) return said;
    if (count > 0) said.append(chunk.data(), static_cast<std::size_t>(count));
    if (said.size() > 2 * most) said.erase(0, said.size() - most);
  }
}

bool SlowClient::is_open() const {
  pollfd state{socket_, POLLIN | POLLRDHUP, 0};
  if (socket_ < 0 || ::poll(&state, 1, 0) < 0) return false;
  return (state.revents & (POLLRDHUP | POLLHUP | POLLERR)) == 0;
}

bool SlowClient::wait_for(short events, std::chrono::milliseconds limit) const {
  pollfd state{socket_, events, 0};
  return ::poll(&state, 1, static_cast<int>(limit.count())) > 0;
}

int last_status(std::string_view said) {
  constexpr std::string_view begin = "HTTP/1.1 ";
  const auto at = said.rfind(begin);
  int status = 0;
  if (at != std::string_view::npos) std::from_chars(said.data() + at + begin.size(), said.data() + said.size(), status);
  return status;
}

}  // namespace mall::testing
