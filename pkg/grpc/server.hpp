#pragma once
// Serves tables of calls (pkg/rpc) over gRPC, with health checking (grpc.health.v1) and reflection.

#include <chrono>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "pkg/errors/error.hpp"
#include "pkg/ids/uuid.hpp"
#include "pkg/rpc/authenticator.hpp"
#include "pkg/rpc/invoke.hpp"
#include "pkg/rpc/service.hpp"
#include "pkg/rpc/workers.hpp"

namespace pkg::grpc {

struct ServerOptions {
  std::string address = "127.0.0.1:0";             ///< host:port; port 0 takes a free one
  bool shares_port = false;                        ///< with other processes that do so too: each gets some of the connections
  std::vector<std::string_view> known_roles{};     ///< what access rules may name
  std::size_t max_message_bytes = 1 << 20;         ///< of a request; a larger one is RESOURCE_EXHAUSTED
  std::size_t max_answer_bytes = 4 << 20;
  std::size_t max_memory_bytes = 64 << 20;         ///< what the transport may hold for all connections together
  int max_concurrent_per_connection = 256;
  std::chrono::milliseconds keepalive_every{30'000};  ///< a peer that does not answer a ping within 10 s is cut off
  rpc::Observer observer{};                        ///< may be empty
};

class Server {
 public:
  /// What a server works with; all must outlive it. The workers may be shared with other transports.
  struct Parts {
    rpc::Authenticator authenticate;
    rpc::Workers& workers;
    ids::IdSource& ids;
  };

  /// Listens. The services are served until stop() and must outlive the server. Says NOT_SERVING to health checks until
  /// set_serving(true). Fails with `internal` ("service_faults") where Service::faults() finds any, with all of them in the detail,
  /// and with `unavailable` ("cannot_listen") where the address cannot be had.
  static errors::Result<std::unique_ptr<Server>> start(ServerOptions options, std::span<const rpc::Service* const> services, Parts parts);

  virtual ~Server() = default;

  /// The port that is listened on.
  virtual int port() const = 0;

  /// What health checks are told, for each service and for "" (the whole): the service's readiness.
  virtual void set_serving(bool serving) = 0;

  /// Refuses new calls and lets running ones finish until the deadline, then cancels them. Returns when the last handler has
  /// returned; handlers keep to their Call::deadline, so that is soon. May be called again; the destructor calls it with five
  /// seconds.
  virtual void stop(std::chrono::steady_clock::time_point deadline) = 0;

 protected:
  Server() = default;
};

}  // namespace pkg::grpc
