#pragma once
// The HTTP/1.1 server of a service: one network thread, and the workers for everything that may block.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "pkg/errors/error.hpp"
#include "pkg/rest/http.hpp"
#include "pkg/rest/site.hpp"
#include "pkg/rpc/workers.hpp"

namespace pkg::rest {

struct Limits {
  std::size_t header_bytes = 16 * 1024;
  std::size_t target_bytes = 8 * 1024;
  std::size_t body_bytes = 1024 * 1024;
  std::size_t bodies_bytes = 64 * 1024 * 1024;  ///< of all requests under way; beyond it the slowest to arrive give way
  std::size_t connections =
      1024;  ///< at the limit one gives way: the longest idle, else the slowest; while all are being worked for, new ones wait
  std::chrono::milliseconds header_time{10'000};  ///< from the first byte of a request to the end of its header
  std::chrono::milliseconds body_time{30'000};
  std::chrono::milliseconds write_time{30'000};
  std::chrono::milliseconds idle_time{75'000};  ///< between requests; longer than nginx keeps its side open
  std::chrono::milliseconds idle_grace{
      3'000};  ///< the same once it stops, from the last answer on: well beyond the second that nginx keeps its side open
};

/// A finished answer; valid only during the log's call.
struct Answered {
  Verb verb;
  std::string_view route;  ///< the template; empty for an unknown address or a request that could not be read
  int status;
  std::chrono::nanoseconds took;  ///< from the request's first byte to the answer's last
  std::size_t bytes_in;           ///< of the body
  std::size_t bytes_out;          ///< of the body
  const Correlation& correlation;
};
/// Called on the network thread: quick, and never throwing.
using AccessLog = std::function<void(const Answered&)>;

struct ServerOptions {
  std::string address = "0.0.0.0";
  std::uint16_t port = 0;  ///< 0: any free one
  int socket = -1;         ///< instead of them: one that listens already, shared with other processes (systemd's socket activation); the
                           ///< server owns it from start() on
  std::chrono::milliseconds patience{5'000};  ///< with a passed socket: how long callers may wait in its queue before accept() was called
  Limits limits = {};
  AccessLog log = {};
};

class Server {
 public:
  /// Site and workers must outlive the server; what the workers run uses the site, so the site is declared before the workers.
  Server(ServerOptions options, const Site& site, rpc::Workers& workers);
  /// Stops without waiting for what is under way.
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  /// Fails with `unavailable` where the address cannot be listened on, and with `internal` where the site has faults.
  errors::Result<> start();
  std::uint16_t port() const { return port_; }

  /// With a passed socket: from now on it accepts. Until then callers are left to the other processes on that socket, or wait in its queue,
  /// but no longer than ServerOptions::patience. One that opened its socket itself accepts from start() on.
  void accept();

  /// Accepts nothing more, finishes what is under way within the limit, and closes every connection. Requests on connections that are open
  /// are served, and told that the connection ends with them; an idle one is closed after Limits::idle_grace, because a proxy may be
  /// sending a request on it just now. May be called again.
  void stop(std::chrono::milliseconds limit);
  /// What stop() begins with; returns at once.
  void begin_stop(std::chrono::milliseconds limit);

  std::size_t connections() const;
  /// What it holds of the bodies of all requests under way.
  std::size_t held_bytes() const;

 private:
  class Running;

  const ServerOptions options_;
  const Site& site_;
  rpc::Workers& workers_;
  std::uint16_t port_ = 0;
  std::unique_ptr<Running> running_;
};

}  // namespace pkg::rest
