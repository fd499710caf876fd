#include "pkg/testing/listening_socket.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

#include "pkg/testing/ports.hpp"

namespace pkg::testing {

ListeningSocket::ListeningSocket() : descriptor_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)), port_(free_port()) {
  const int on = 1;
  ::setsockopt(descriptor_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port_);
  const bool bound = ::bind(descriptor_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  if (bound && ::listen(descriptor_, SOMAXCONN) == 0) return;
  std::perror("a listening socket");
  std::abort();
}

ListeningSocket::~ListeningSocket() { ::close(descriptor_); }

int ListeningSocket::share() const { return ::fcntl(descriptor_, F_DUPFD_CLOEXEC, 0); }

}  // namespace pkg::testing
