#pragma once
// The bytes to a NATS server and back, plainly or over TLS.

#include <chrono>
#include <cstddef>
#include <expected>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "pkg/messaging/nats/wire.hpp"

namespace pkg::messaging::nats {

/// Of "[nats://|tls://][user:password@|token@]host[:4222]".
struct ServerAddress {
  std::string host;
  std::string port;
  SignIn sign_in;
  bool wants_tls = false;
};
/// Fails with a sentence.
std::expected<ServerAddress, std::string> read_address(std::string_view url);

/// Never waits. One thread may read while another writes.
class Stream {
 public:
  virtual ~Stream() = default;
  /// To wait for, by poll().
  virtual int socket() const = 0;
  /// How many bytes; 0: none, until poll() says so; negative: it is broken.
  virtual std::ptrdiff_t read(std::span<char> into) = 0;
  virtual std::ptrdiff_t write(std::string_view bytes) = 0;
  /// There is more to read, of which poll() does not know.
  virtual bool has_more() const = 0;
};
using StreamPtr = std::unique_ptr<Stream>;

using Deadline = std::chrono::steady_clock::time_point;

/// Waits for the connection, but for the name's look-up until the deadline at most. Fails with a sentence.
std::expected<StreamPtr, std::string> connect_plainly(const ServerAddress& server, Deadline deadline);
/// The same connection encrypted from now on. The server's certificate has to be for its host, and by somebody whom this machine (or
/// SSL_CERT_FILE) trusts.
std::expected<StreamPtr, std::string> encrypt(StreamPtr plain, const ServerAddress& server, Deadline deadline);

/// Until one of these events of poll() comes; false when the deadline does.
bool wait_for(const Stream& stream, short events, Deadline deadline);

}  // namespace pkg::messaging::nats
