#include "pkg/rest/passed_socket.hpp"

#include <poll.h>
#include <sys/socket.h>

#include <cerrno>

namespace pkg::rest {
namespace {

using boost::asio::ip::tcp;
using boost::system::error_code;

[[noreturn]] void refuse(int error) { throw boost::system::system_error(error_code(error, boost::system::system_category())); }

int option_of(int descriptor, int name) {
  int value = 0;
  socklen_t size = sizeof value;
  if (::getsockopt(descriptor, SOL_SOCKET, name, &value, &size) != 0) refuse(errno);
  return value;
}

}  // namespace

void adopt(tcp::acceptor& acceptor, int descriptor) {
  const int family = option_of(descriptor, SO_DOMAIN);
  if (family != AF_INET && family != AF_INET6) refuse(EAFNOSUPPORT);
  if (option_of(descriptor, SO_TYPE) != SOCK_STREAM || option_of(descriptor, SO_ACCEPTCONN) == 0) refuse(EINVAL);
  acceptor.assign(family == AF_INET ? tcp::v4() : tcp::v6(), descriptor);
}

bool has_callers(tcp::acceptor& acceptor) {
  pollfd queue{.fd = acceptor.native_handle(), .events = POLLIN, .revents = 0};
  return ::poll(&queue, 1, 0) > 0;
}

}  // namespace pkg::rest
