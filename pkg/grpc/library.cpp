#include "pkg/grpc/library.hpp"

#include <grpcpp/health_check_service_interface.h>

#include <cstdlib>
#include <memory>
#include <mutex>

#include "pkg/grpc/event_engine.hpp"

namespace pkg::grpc {

void prepare_library() {
  static std::once_flag once;
  std::call_once(once, [] {
    grpc_event_engine::experimental::SetEventEngineFactory([] { return std::make_unique<EventEngine>(); });
    // Every five seconds a channel would look whether its connection is still there, for programs in which nobody else does. In one that
    // serves, the server's threads wait for all connections at once, and in any other the next call finds out.
    ::setenv("GRPC_CLIENT_CHANNEL_BACKUP_POLL_INTERVAL_MS", "0", 0);  // NOLINT(concurrency-mt-unsafe): said in the header
    ::grpc::EnableDefaultHealthCheckService(true);
  });
}

}  // namespace pkg::grpc
