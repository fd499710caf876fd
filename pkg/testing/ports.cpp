#include "pkg/testing/ports.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <random>
#include <string>

namespace pkg::testing {
namespace {

constexpr int lowest = 11000;
constexpr int highest = 32000;
constexpr int block_size = 50;
constexpr int blocks = (highest - lowest) / block_size;

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

/// True where the block is this program's from now on, until it ends. The sign is a name among the abstract sockets: the kernel gives it to
/// one program at a time and takes it back however that ends, and the names end with the network that the ports belong to.
bool take_block(int block) {
  const int socket = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  const std::string name = "mallbots-test-ports-" + std::to_string(block);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  name.copy(address.sun_path + 1, sizeof address.sun_path - 1);
  const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + name.size());
  if (::bind(socket, reinterpret_cast<const sockaddr*>(&address), length) == 0) return true;
  ::close(socket);
  return false;
}

/// The first port of a block that no other program has.
int next_block() {
  static std::random_device device;
  static int last = std::uniform_int_distribution(0, blocks - 1)(device);
  for (int tries = 0; tries < blocks; ++tries) {
    last = (last + 1) % blocks;
    if (take_block(last)) return lowest + last * block_size;
  }
  static_cast<void>(std::fprintf(stderr, "all ports between %d and %d are taken by test programs\n", lowest, highest));
  std::abort();
}

}  // namespace

std::uint16_t free_port() {
  static std::mutex mutex;
  static int next = 0;
  static int left = 0;
  const std::scoped_lock lock(mutex);
  while (true) {
    if (left == 0) {
      next = next_block();
      left = block_size;
    }
    --left;
    if (is_free(next++)) return static_cast<std::uint16_t>(next - 1);
  }
}

}  // namespace pkg::testing
