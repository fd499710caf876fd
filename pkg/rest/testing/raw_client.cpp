#include "pkg/rest/testing/raw_client.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <stdexcept>

namespace pkg::rest::testing {

RawClient::RawClient(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
  const timeval limit{.tv_sec = 10, .tv_usec = 0};
  ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  ::setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    ::close(socket_);
    throw std::runtime_error("nobody listens");
  }
}

RawClient::~RawClient() { ::close(socket_); }

bool RawClient::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

bool RawClient::read_more() {
  char chunk[16384];
  const auto count = ::recv(socket_, chunk, sizeof chunk, 0);
  if (count > 0) read_.append(chunk, static_cast<std::size_t>(count));
  return count > 0;
}

std::optional<RawAnswer> RawClient::receive(bool is_head) {
  std::size_t end = 0;
  while ((end = read_.find("\r\n\r\n")) == std::string::npos) {
    if (!read_more()) return std::nullopt;
  }
  RawAnswer answer;
  answer.status = std::stoi(read_.substr(9, 3));
  for (std::size_t line = read_.find("\r\n") + 2; line < end;) {
    const auto next = read_.find("\r\n", line);
    const auto colon = read_.find(": ", line);
    answer.headers[read_.substr(line, colon - line)] = read_.substr(colon + 2, next - colon - 2);
    line = next + 2;
  }
  read_.erase(0, end + 4);
  const auto length = answer.headers.find("Content-Length");
  const std::size_t size = is_head || length == answer.headers.end() ? 0 : std::stoul(length->second);
  while (read_.size() < size) {
    if (!read_more()) return std::nullopt;
  }
  answer.body = read_.substr(0, size);
  read_.erase(0, size);
  return answer;
}

bool RawClient::is_closed() {
  if (!read_.empty()) return false;
  char byte = 0;
  const auto count = ::recv(socket_, &byte, 1, 0);
  return count == 0 || (count < 0 && errno == ECONNRESET);
}

RawAnswer RawClient::ask(std::string_view bytes) {
  if (!send(bytes)) return {};
  return receive().value_or(RawAnswer{});
}

}  // namespace pkg::rest::testing
