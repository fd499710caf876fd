#include "pkg/agent/supervision.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <charconv>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <vector>

namespace pkg::agent {
namespace {

constexpr int first_passed = 3;  // SD_LISTEN_FDS_START

std::string_view variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string_view() : value;
}

std::optional<int> number(std::string_view text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < 0) return std::nullopt;
  return value;
}

std::vector<std::string> split(std::string_view text) {
  std::vector<std::string> words;
  for (;;) {
    const auto colon = text.find(':');
    words.emplace_back(text.substr(0, colon));
    if (colon == std::string_view::npos) return words;
    text.remove_prefix(colon + 1);
  }
}

std::unexpected<errors::Error> unclear(std::string what) {
  return errors::fail(errors::ErrorKind::malformed, "passed_sockets_unclear", std::move(what));
}

}  // namespace

errors::Result<PassedSockets> read_passing(const Passing& passing, int process, std::span<const std::string> services) {
  if (passing.count.empty() || passing.pid.empty()) return PassedSockets{};
  const auto count = number(passing.count), pid = number(passing.pid);
  if (!count || !pid) return unclear("LISTEN_FDS and LISTEN_PID are numbers.");
  if (*pid != process || *count == 0) return PassedSockets{};
  if (*count == 1 && services.size() == 1) return PassedSockets{{services.front(), first_passed}};
  const auto names = split(passing.names);
  if (names.size() != static_cast<std::size_t>(*count)) return unclear("LISTEN_FDNAMES does not name the service of each passed socket.");
  PassedSockets sockets;
  for (const auto& service : services) {
    for (int i = 0; i < *count; ++i) {
      if (names[static_cast<std::size_t>(i)] != service) continue;
      if (!sockets.emplace(service, first_passed + i).second) return unclear("Two sockets are passed for " + service + ".");
    }
  }
  if (sockets.size() != names.size()) return unclear("LISTEN_FDNAMES names a service that is not in this process.");
  return sockets;
}

errors::Result<PassedSockets> take_passed_sockets(std::span<const std::string> services) {
  auto sockets =
      read_passing({variable("LISTEN_FDS"), variable("LISTEN_PID"), variable("LISTEN_FDNAMES")}, static_cast<int>(::getpid()), services);
  for (const char* name : {"LISTEN_FDS", "LISTEN_PID", "LISTEN_FDNAMES"}) ::unsetenv(name);
  if (!sockets) return sockets;
  for (const auto& [service, descriptor] : *sockets) {
    if (::fcntl(descriptor, F_SETFD, FD_CLOEXEC) != 0)
      return unclear("There is no descriptor " + std::to_string(descriptor) + " for " + service + ".");
  }
  return sockets;
}

void notify_supervisor(std::string_view word) {
  const auto path = variable("NOTIFY_SOCKET");
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.empty() || path.size() >= sizeof address.sun_path) return;
  std::memcpy(address.sun_path, path.data(), path.size());
  if (path.front() == '@') address.sun_path[0] = '\0';  // one without a place in the file system
  const int socket = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (socket < 0) return;
  const auto text = std::string(word) + "=1\nMAINPID=" + std::to_string(::getpid()) + "\n";
  const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + path.size());
  ::sendto(socket, text.data(), text.size(), MSG_NOSIGNAL | MSG_DONTWAIT, reinterpret_cast<const sockaddr*>(&address), length);
  ::close(socket);
}

}  // namespace pkg::agent
