#pragma once
// A table of calls as gRPC sees a service. Private to pkg/grpc.

#include <atomic>
#include <deque>
#include <string>

#include <grpcpp/impl/service_type.h>
#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/server_callback.h>

#include "pkg/ids/uuid.hpp"
#include "pkg/rpc/authenticator.hpp"
#include "pkg/rpc/invoke.hpp"
#include "pkg/rpc/service.hpp"
#include "pkg/rpc/workers.hpp"

namespace pkg::grpc {

/// What every call of a server needs.
struct Surroundings {
  rpc::Authenticator authenticate;
  rpc::Observer observer;
  rpc::Workers& workers;
  ids::IdSource& ids;
  std::atomic<bool> stopping = false;
};

/// One call of the table: gRPC keeps its path by pointer.
struct BoundMethod {
  const rpc::Method& method;
  std::string path;  ///< "/package.Service/Method"
  const google::protobuf::Message& request_prototype;
  const google::protobuf::Message& response_prototype;
};

/// Built at run time the way generated code is built for raw callback methods, so that health checking and reflection see an
/// ordinary service; no stubs are generated.
class BoundService final : public ::grpc::Service {
 public:
  /// Every call of the service must be bound (Service::faults() is empty). Service and surroundings outlive this.
  BoundService(const rpc::Service& service, Surroundings& around);

 private:
  std::deque<BoundMethod> methods_;  // never moved: handlers point into it
};

}  // namespace pkg::grpc
