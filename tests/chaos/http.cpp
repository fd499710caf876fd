#include "tests/chaos/http.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <utility>

namespace mall::chaos {

std::string Reply::text(std::string_view name) const {
  const auto key = "\"" + std::string(name) + "\":\"";
  const auto from = body.find(key);
  if (from == std::string::npos) return {};
  const auto begin = from + key.size();
  return body.substr(begin, body.find('"', begin) - begin);
}

std::string request_text(std::string_view verb, std::string_view path, std::string_view body, std::string_view headers) {
  std::string request = std::string(verb) + " " + std::string(path) + " HTTP/1.1\r\nHost: mall\r\n" + std::string(headers);
  if (!body.empty()) request += "Content-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) + "\r\n";
  request += "\r\n";
  request += body;
  return request;
}

std::optional<Taken> take_reply(std::string& read) {
  const std::size_t end = read.find("\r\n\r\n");
  if (end == std::string::npos) return std::nullopt;
  std::string head = read.substr(0, end + 2);
  std::ranges::transform(head, head.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  std::size_t size = 0;
  constexpr std::string_view length = "\r\ncontent-length: ";
  if (const auto at = head.find(length); at != std::string::npos)
    std::from_chars(head.data() + at + length.size(), head.data() + head.size(), size);
  if (read.size() < end + 4 + size) return std::nullopt;
  Taken taken;
  if (head.size() >= 12) std::from_chars(head.data() + 9, head.data() + 12, taken.reply.status);
  taken.reply.body = read.substr(end + 4, size);
  taken.closes = head.find("\r\nconnection: close") != std::string::npos;
  read.erase(0, end + 4 + size);
  return taken;
}

Reply Http::ask(std::string_view verb, std::string_view path, std::string_view body, std::string_view headers,
                std::chrono::milliseconds limit) {
  const Time deadline = std::chrono::steady_clock::now() + limit;
  const auto request = request_text(verb, path, body, headers);
  Reply reply;
  if ((socket_ >= 0 || open(deadline)) && send(request, deadline)) reply = receive(deadline);
  if (reply.status == 0) close();
  return reply;
}

bool Http::open(Time deadline) {
  socket_ = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  const int at_once = 1;
  ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &at_once, sizeof at_once);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port_);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) return true;
  if (errno != EINPROGRESS || !await(POLLOUT, deadline)) return false;
  int error = 0;
  socklen_t size = sizeof error;
  return ::getsockopt(socket_, SOL_SOCKET, SO_ERROR, &error, &size) == 0 && error == 0;
}

void Http::close() {
  if (socket_ >= 0) ::close(socket_);
  socket_ = -1;
  read_.clear();
}

bool Http::await(short events, Time deadline) const {
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now()).count();
  pollfd one{.fd = socket_, .events = events, .revents = 0};
  return left > 0 && ::poll(&one, 1, static_cast<int>(left)) > 0;
}

bool Http::send(std::string_view bytes, Time deadline) {
  while (!bytes.empty()) {
    const auto sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent > 0)
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    else if (errno != EAGAIN || !await(POLLOUT, deadline))
      return false;
  }
  return true;
}

bool Http::read_more(Time deadline) {
  char chunk[16384];
  if (!await(POLLIN, deadline)) return false;
  const auto count = ::recv(socket_, chunk, sizeof chunk, 0);
  if (count > 0) read_.append(chunk, static_cast<std::size_t>(count));
  return count > 0;
}

Reply Http::receive(Time deadline) {
  while (true) {
    if (auto taken = take_reply(read_)) {
      if (taken->closes) close();
      return std::move(taken->reply);
    }
    if (!read_more(deadline)) return {};
  }
}

}  // namespace mall::chaos
