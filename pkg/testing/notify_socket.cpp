#include "pkg/testing/notify_socket.hpp"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <utility>

namespace pkg::testing {

NotifySocket::NotifySocket(std::filesystem::path path) : path_(std::move(path)), socket_(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, path_.c_str(), sizeof address.sun_path - 1);
  if (::bind(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) return;
  std::perror(path_.c_str());
  std::abort();
}

NotifySocket::~NotifySocket() {
  ::close(socket_);
  ::unlink(path_.c_str());
}

bool NotifySocket::is_ready(pid_t process) {
  std::array<char, 256> said{};
  for (ssize_t size = 0; (size = ::recv(socket_, said.data(), said.size(), MSG_DONTWAIT)) > 0;) {
    const std::string words(said.data(), static_cast<std::size_t>(size));
    constexpr std::string_view who = "\nMAINPID=";
    const auto at = words.find(who);
    if (words.starts_with("READY=1") && at != std::string::npos) ready_.insert(std::atoi(words.c_str() + at + who.size()));
  }
  return ready_.contains(process);
}

}  // namespace pkg::testing
