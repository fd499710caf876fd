#include "pkg/messaging/nats/stream.hpp"

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <boost/url/parse.hpp>
#include <cerrno>
#include <cstdlib>
#include <mutex>
#include <system_error>
#include <utility>

namespace pkg::messaging::nats {
namespace {

std::string text_of(int error) { return std::system_category().message(error); }

class PlainStream final : public Stream {
 public:
  explicit PlainStream(int socket) : socket_(socket) {}
  PlainStream(const PlainStream&) = delete;
  PlainStream& operator=(const PlainStream&) = delete;
  ~PlainStream() override { close(socket_); }

  int socket() const override { return socket_; }

  std::ptrdiff_t read(std::span<char> into) override {
    const auto count = recv(socket_, into.data(), into.size(), 0);
    if (count == 0) return -1;  // the server has closed it
    return count > 0 ? count : none_or_broken();
  }

  std::ptrdiff_t write(std::string_view bytes) override {
    const auto count = send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    return count >= 0 ? count : none_or_broken();
  }

  bool has_more() const override { return false; }

 private:
  static std::ptrdiff_t none_or_broken() { return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR ? 0 : -1; }

  const int socket_;
};

// OpenSSL over a stream: its own way to write to a socket ends the process with SIGPIPE where the server is gone.
int carry_write(BIO* bio, const char* bytes, int size) {
  BIO_clear_retry_flags(bio);
  const auto count = static_cast<Stream*>(BIO_get_data(bio))->write({bytes, static_cast<std::size_t>(size)});
  if (count == 0) BIO_set_retry_write(bio);
  return count > 0 ? static_cast<int>(count) : -1;
}

int carry_read(BIO* bio, char* bytes, int size) {
  BIO_clear_retry_flags(bio);
  const auto count = static_cast<Stream*>(BIO_get_data(bio))->read({bytes, static_cast<std::size_t>(size)});
  if (count == 0) BIO_set_retry_read(bio);
  return count > 0 ? static_cast<int>(count) : -1;
}

long carry_control(BIO* /*bio*/, int command, long /*number*/, void* /*pointer*/) { return command == BIO_CTRL_FLUSH ? 1 : 0; }

const BIO_METHOD* carrier() {
  static const BIO_METHOD* const method = [] {
    BIO_METHOD* made = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "stream");
    if (made == nullptr || BIO_meth_set_write(made, carry_write) != 1 || BIO_meth_set_read(made, carry_read) != 1 ||
        BIO_meth_set_ctrl(made, carry_control) != 1) {
      std::abort();  // fails only without memory
    }
    return made;
  }();
  return method;
}

/// Owned by the session; the stream outlives both.
bool carry(SSL* session, Stream& stream) {
  BIO* bio = BIO_new(carrier());
  if (bio == nullptr) return false;
  BIO_set_data(bio, &stream);
  BIO_set_init(bio, 1);
  SSL_set_bio(session, bio, bio);
  return true;
}

struct FreeTls {
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
  void operator()(SSL* session) const { SSL_free(session); }
};
using TlsContext = std::unique_ptr<SSL_CTX, FreeTls>;
using TlsSession = std::unique_ptr<SSL, FreeTls>;

/// Its session's records are read and written by one thread at a time.
class TlsStream final : public Stream {
 public:
  TlsStream(StreamPtr plain, TlsSession session) : plain_(std::move(plain)), session_(std::move(session)) {}

  int socket() const override { return plain_->socket(); }

  std::ptrdiff_t read(std::span<char> into) override {
    const std::scoped_lock lock(mutex_);
    ERR_clear_error();
    const int count = SSL_read(session_.get(), into.data(), static_cast<int>(into.size()));
    return count > 0 ? count : none_or_broken(count);
  }

  std::ptrdiff_t write(std::string_view bytes) override {
    const std::scoped_lock lock(mutex_);
    ERR_clear_error();
    const int count = SSL_write(session_.get(), bytes.data(), static_cast<int>(std::min<std::size_t>(bytes.size(), 1 << 20)));
    return count > 0 ? count : none_or_broken(count);
  }

  bool has_more() const override {
    const std::scoped_lock lock(mutex_);
    return SSL_pending(session_.get()) > 0;
  }

 private:
  std::ptrdiff_t none_or_broken(int result) const {
    const int error = SSL_get_error(session_.get(), result);
    return error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE ? 0 : -1;
  }

  const StreamPtr plain_;
  const TlsSession session_;
  mutable std::mutex mutex_;
};

std::string tls_error() {
  const char* reason = ERR_reason_error_string(ERR_peek_last_error());
  return reason == nullptr ? "it went away" : reason;
}

TlsContext make_context() {
  TlsContext context(SSL_CTX_new(TLS_client_method()));
  if (context == nullptr) return nullptr;
  SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
  // What is left of a write may have moved by the next.
  SSL_CTX_set_mode(context.get(), SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  return SSL_CTX_set_default_verify_paths(context.get()) == 1 ? std::move(context) : nullptr;
}

bool expect_host(SSL* session, const std::string& host) {
  if (X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(session), host.c_str()) == 1) return true;
  return SSL_set1_host(session, host.c_str()) == 1 && SSL_set_tlsext_host_name(session, host.c_str()) == 1;
}

/// Both ends' systems tell each other that they are there, without waking anybody.
void keep_alive(int socket) {
  constexpr int on = 1;
  constexpr int seconds_until_first = 5;
  constexpr int seconds_between = 5;
  constexpr int unanswered_at_most = 2;
  static_cast<void>(setsockopt(socket, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on));
  static_cast<void>(setsockopt(socket, IPPROTO_TCP, TCP_KEEPIDLE, &seconds_until_first, sizeof seconds_until_first));
  static_cast<void>(setsockopt(socket, IPPROTO_TCP, TCP_KEEPINTVL, &seconds_between, sizeof seconds_between));
  static_cast<void>(setsockopt(socket, IPPROTO_TCP, TCP_KEEPCNT, &unanswered_at_most, sizeof unanswered_at_most));
}

std::expected<StreamPtr, std::string> connect_to(const addrinfo& address, Deadline deadline) {
  const int made = ::socket(address.ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_TCP);
  if (made < 0) return std::unexpected(text_of(errno));
  auto stream = std::make_unique<PlainStream>(made);
  const int at_once = 1;
  static_cast<void>(setsockopt(made, IPPROTO_TCP, TCP_NODELAY, &at_once, sizeof at_once));
  keep_alive(made);
  if (connect(made, address.ai_addr, address.ai_addrlen) != 0) {
    if (errno != EINPROGRESS) return std::unexpected(text_of(errno));
    if (!wait_for(*stream, POLLOUT, deadline)) return std::unexpected("no answer in time");
    int error = 0;
    socklen_t size = sizeof error;
    getsockopt(made, SOL_SOCKET, SO_ERROR, &error, &size);
    if (error != 0) return std::unexpected(text_of(error));
  }
  return stream;
}

}  // namespace

std::expected<ServerAddress, std::string> read_address(std::string_view url) {
  const std::string whole = url.contains("://") ? std::string(url) : "nats://" + std::string(url);
  const auto parsed = boost::urls::parse_uri(whole);
  if (!parsed || (parsed->scheme() != "nats" && parsed->scheme() != "tls") || parsed->host().empty()) {
    return std::unexpected("not an address like nats://host:4222");  // not told in full: there may be a password in it
  }
  ServerAddress address;
  address.host = parsed->host_address();
  address.port = parsed->has_port() && !parsed->port().empty() ? std::string(parsed->port()) : "4222";
  address.wants_tls = parsed->scheme() == "tls";
  if (parsed->has_password()) {
    address.sign_in.user = parsed->user();
    address.sign_in.password = parsed->password();
  } else {
    address.sign_in.token = parsed->user();
  }
  return address;
}

bool wait_for(const Stream& stream, short events, Deadline deadline) {
  while (true) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now()).count();
    pollfd polled{stream.socket(), events, 0};
    const int count = poll(&polled, 1, static_cast<int>(std::max<std::int64_t>(left, 0)));
    if (count > 0) return true;
    if (count == 0 || errno != EINTR) return false;
  }
}

std::expected<StreamPtr, std::string> connect_plainly(const ServerAddress& server, Deadline deadline) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (const int failed = getaddrinfo(server.host.c_str(), server.port.c_str(), &hints, &found); failed != 0) {
    return std::unexpected(server.host + ": " + gai_strerror(failed));
  }
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> addresses(found, &freeaddrinfo);
  std::expected<StreamPtr, std::string> stream;
  for (const auto* each = found; each != nullptr; each = each->ai_next) {
    stream = connect_to(*each, deadline);
    if (stream) break;
  }
  return stream;
}

std::expected<StreamPtr, std::string> encrypt(StreamPtr plain, const ServerAddress& server, Deadline deadline) {
  ERR_clear_error();
  const TlsContext context = make_context();
  TlsSession session(context == nullptr ? nullptr : SSL_new(context.get()));
  if (session == nullptr || !expect_host(session.get(), server.host) || !carry(session.get(), *plain)) {
    return std::unexpected("TLS: " + tls_error());
  }
  for (int result = SSL_connect(session.get()); result != 1; result = SSL_connect(session.get())) {
    const int error = SSL_get_error(session.get(), result);
    if (error != SSL_ERROR_WANT_READ && error != SSL_ERROR_WANT_WRITE) {
      const auto verified = SSL_get_verify_result(session.get());
      return std::unexpected("TLS: " + (verified == X509_V_OK ? tls_error() : X509_verify_cert_error_string(verified)));
    }
    if (!wait_for(*plain, error == SSL_ERROR_WANT_READ ? POLLIN : POLLOUT, deadline)) return std::unexpected("TLS: no answer in time");
    ERR_clear_error();
  }
  return std::make_unique<TlsStream>(std::move(plain), std::move(session));
}

}  // namespace pkg::messaging::nats
