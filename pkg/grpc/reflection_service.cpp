#include <grpcpp/impl/codegen/proto_utils.h>
#include <grpcpp/impl/codegen/server_callback_handlers.h>
#include <grpcpp/impl/rpc_service_method.h>
#include <grpcpp/server_context.h>
#include <grpcpp/support/server_callback.h>

#include "pkg/grpc/reflection.hpp"

namespace pkg::grpc {
namespace {

using mallbots::grpc::v1::ReflectionRequest;
using mallbots::grpc::v1::ReflectionResponse;

/// One client's stream of questions, answered in turn on the callback threads: answers come from memory. Deletes itself at its end.
class Conversation final : public ::grpc::ServerBidiReactor<ReflectionRequest, ReflectionResponse> {
 public:
  explicit Conversation(const std::vector<std::string>& services) : services_(services) { StartRead(&request_); }

  void OnReadDone(bool ok) override {
    if (!ok) {
      Finish(::grpc::Status::OK);
      return;
    }
    response_ = reflect(request_, services_);
    StartWrite(&response_);
  }

  void OnWriteDone(bool ok) override {
    if (ok) {
      StartRead(&request_);
    } else {
      Finish(::grpc::Status::CANCELLED);
    }
  }

  void OnDone() override { delete this; }

 private:
  const std::vector<std::string>& services_;
  ReflectionRequest request_;
  ReflectionResponse response_;
};

}  // namespace

ReflectionService::ReflectionService(std::vector<std::string> services) : services_(std::move(services)) {
  AddMethod(new ::grpc::internal::RpcServiceMethod("/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
                                                   ::grpc::internal::RpcMethod::BIDI_STREAMING, nullptr));
  MarkMethodCallback(0, new ::grpc::internal::CallbackBidiHandler<ReflectionRequest, ReflectionResponse>(
                            [this](::grpc::CallbackServerContext*) { return new Conversation(services_); }));
}

}  // namespace pkg::grpc
