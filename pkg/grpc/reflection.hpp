#pragma once
// Server reflection, so that grpcurl and its like can list and call what is served. Private to pkg/grpc. gRPC's own is a plugin of
// the whole process, serves synchronously with threads of its own, and needs the build of gRPC that has TLS and xDS in it: together
// 6 MB resident in every service.

#include <string>
#include <vector>

#include <grpcpp/impl/service_type.h>

#include "pkg/grpc/reflection.pb.h"

namespace pkg::grpc {

/// Answers one question from the descriptors that are linked in. `services` are the names to list.
mallbots::grpc::v1::ReflectionResponse reflect(const mallbots::grpc::v1::ReflectionRequest& request,
                                               const std::vector<std::string>& services);

/// grpc.reflection.v1alpha.ServerReflection.
class ReflectionService final : public ::grpc::Service {
 public:
  explicit ReflectionService(std::vector<std::string> services);

 private:
  const std::vector<std::string> services_;
};

}  // namespace pkg::grpc
