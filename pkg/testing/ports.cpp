#include "pkg/testing/ports.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <random>

namespace pkg::testing {
namespace {

constexpr int lowest = 11000;
constexpr int highest = 32000;

bool is_free(int port) {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int on = 1;  // one that has just been let go of counts as free, as it does for servers
  ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  const bool bound = ::bind(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  ::close(socket);
  return bound;
}

}  // namespace

std::uint16_t free_port() {
  // Test programs that run side by side begin at different places, and one program does not get the same port twice in a row.
  static std::random_device device;
  static int next = std::uniform_int_distribution(lowest, highest)(device);
  for (int tries = 0; tries < highest - lowest; ++tries) {
    next = next >= highest ? lowest : next + 1;
    if (is_free(next)) return static_cast<std::uint16_t>(next);
  }
  static_cast<void>(std::fprintf(stderr, "no free port between %d and %d\n", lowest, highest));
  std::abort();
}

}  // namespace pkg::testing
