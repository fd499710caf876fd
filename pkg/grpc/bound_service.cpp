#include "pkg/grpc/bound_service.hpp"

#include <chrono>
#include <memory>
#include <utility>

#include <google/protobuf/message.h>
#include <grpcpp/impl/codegen/proto_utils.h>
#include <grpcpp/impl/codegen/server_callback_handlers.h>
#include <grpcpp/impl/rpc_service_method.h>
#include <grpcpp/server_context.h>

#include "pkg/grpc/status.hpp"
#include "pkg/rpc/access.hpp"
#include "pkg/rpc/metadata.hpp"

namespace pkg::grpc {
namespace {

using errors::Error;
using errors::ErrorKind;
using std::chrono::steady_clock;

std::string_view metadata(const ::grpc::CallbackServerContext& context, std::string_view key) {
  const auto& all = context.client_metadata();
  const auto found = all.find(::grpc::string_ref(key.data(), key.size()));
  return found == all.end() ? std::string_view() : std::string_view(found->second.data(), found->second.size());
}

steady_clock::time_point deadline_of(const ::grpc::CallbackServerContext& context) {
  const auto deadline = context.deadline();
  if (deadline == std::chrono::system_clock::time_point::max()) return steady_clock::time_point::max();
  return steady_clock::now() + std::chrono::duration_cast<steady_clock::duration>(deadline - std::chrono::system_clock::now());
}

/// A call on its way through the queue. It owes gRPC an answer, and gives it at the latest when it is destroyed.
class PendingCall {
 public:
  PendingCall(const BoundMethod& bound, Surroundings& around, ::grpc::CallbackServerContext& context, const ::grpc::ByteBuffer& request,
              ::grpc::ByteBuffer& response, ::grpc::ServerUnaryReactor& reactor)
      : bound_(bound), around_(around), context_(context), request_(request), response_(response), reactor_(reactor) {}

  ~PendingCall() {
    if (answered_) return;
    if (around_.stopping) {
      answer(Error{ErrorKind::unavailable, "stopping", "The service is being stopped; try again.", {}});
    } else {
      answer(Error{ErrorKind::too_many, "overloaded", "Too many calls are waiting; try again later.", {}});
    }
  }

  PendingCall(const PendingCall&) = delete;
  PendingCall& operator=(const PendingCall&) = delete;

  void run() {
    call_.deadline = deadline_of(context_);
    call_.cause = rpc::cause_of(metadata(context_, rpc::request_id_key), metadata(context_, rpc::causation_id_key),
                                metadata(context_, rpc::traceparent_key), around_.ids);
    if (auto done = handle(); done) {
      finish(nullptr, ::grpc::Status::OK);
    } else {
      answer(done.error());
    }
  }

 private:
  errors::Result<> handle() {
    if (context_.IsCancelled()) return errors::fail(ErrorKind::unavailable, "canceled", "The caller has gone.");
    const auto& method = *bound_.method.descriptor;
    const auto token = rpc::bearer_token_of(metadata(context_, rpc::authorization_key));
    auto caller = rpc::admit(method, around_.authenticate, token);
    if (!caller) return errors::pass_on(caller);
    call_.caller = std::move(*caller);

    auto version = rpc::version_of(metadata(context_, rpc::if_match_key));
    if (!version) return errors::pass_on(version);
    call_.if_match = *version;

    const std::unique_ptr<google::protobuf::Message> request(bound_.request_prototype.New());
    ::grpc::ByteBuffer bytes(request_);  // shares the bytes; reading needs a buffer of its own
    const auto read = ::grpc::GenericDeserialize<::grpc::ProtoBufferReader, google::protobuf::Message>(&bytes, request.get());
    if (!read.ok()) {
      return errors::fail(ErrorKind::malformed, "payload_malformed", "The request is not a " + method.input_type()->full_name() + ".");
    }
    const std::unique_ptr<google::protobuf::Message> response(bound_.response_prototype.New());
    if (auto done = rpc::invoke(bound_.method, call_, *request, *response); !done) return done;

    bool own_buffer = false;
    const auto written = ::grpc::GenericSerialize<::grpc::ProtoBufferWriter, google::protobuf::Message>(*response, &response_, &own_buffer);
    if (!written.ok()) return errors::fail(ErrorKind::internal, "internal", "the answer cannot be written: " + written.error_message());
    return {};
  }

  void answer(const Error& error) { finish(&error, to_status(error)); }

  void finish(const Error* error, const ::grpc::Status& status) {
    answered_ = true;
    // Before Finish(): after it the server may be gone.
    if (around_.observer) around_.observer({"grpc", *bound_.method.descriptor, call_, error, steady_clock::now() - begun_});
    reactor_.Finish(status);
  }

  const BoundMethod& bound_;
  Surroundings& around_;
  // These live until the reactor is finished.
  ::grpc::CallbackServerContext& context_;
  const ::grpc::ByteBuffer& request_;
  ::grpc::ByteBuffer& response_;
  ::grpc::ServerUnaryReactor& reactor_;
  const steady_clock::time_point begun_ = steady_clock::now();
  rpc::Call call_;
  bool answered_ = false;
};

// On one of gRPC's few callback threads: nothing here may wait.
::grpc::ServerUnaryReactor* accept(const BoundMethod& bound, Surroundings& around, ::grpc::CallbackServerContext& context,
                                   const ::grpc::ByteBuffer& request, ::grpc::ByteBuffer& response) {
  auto* reactor = context.DefaultReactor();  // may be asked for once only
  auto pending = std::make_unique<PendingCall>(bound, around, context, request, response, *reactor);
  // A refused job is destroyed, and answers as it goes.
  static_cast<void>(around.workers.try_post([pending = std::move(pending)] { pending->run(); }));
  return reactor;
}

}  // namespace

BoundService::BoundService(const rpc::Service& service, Surroundings& around) {
  auto& messages = *google::protobuf::MessageFactory::generated_factory();
  for (int i = 0; i < service.descriptor().method_count(); ++i) {
    const auto& described = *service.descriptor().method(i);
    const auto& bound =
        methods_.emplace_back(BoundMethod{*service.find(described.name()), "/" + service.descriptor().full_name() + "/" + described.name(),
                                          *messages.GetPrototype(described.input_type()), *messages.GetPrototype(described.output_type())});
    AddMethod(new ::grpc::internal::RpcServiceMethod(bound.path.c_str(), ::grpc::internal::RpcMethod::NORMAL_RPC, nullptr));
    MarkMethodRawCallback(
        i, new ::grpc::internal::CallbackUnaryHandler<::grpc::ByteBuffer, ::grpc::ByteBuffer>(
               [&bound, &around](::grpc::CallbackServerContext* context, const ::grpc::ByteBuffer* request, ::grpc::ByteBuffer* response) {
                 return accept(bound, around, *context, *request, *response);
               }));
  }
}

}  // namespace pkg::grpc
