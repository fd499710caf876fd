#pragma once
// Calls below our client, for tests: any path, any bytes, any pair of messages.

#include <string>

#include <google/protobuf/message.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/impl/codegen/proto_utils.h>

namespace pkg::grpc::testing {

// Shared with the stubs made from it.
inline std::shared_ptr<::grpc::Channel> raw_channel(const std::string& target) {
  return ::grpc::CreateChannel(target, ::grpc::InsecureChannelCredentials());
}

inline void limit(::grpc::ClientContext& context) { context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(10)); }

inline ::grpc::Status raw_unary(const std::string& target, const std::string& path, const std::string& bytes, ::grpc::ByteBuffer* answer) {
  ::grpc::GenericStub stub(raw_channel(target));
  ::grpc::ClientContext context;
  limit(context);
  const ::grpc::Slice slice(bytes);
  const ::grpc::ByteBuffer request(&slice, 1);
  ::grpc::CompletionQueue queue;
  ::grpc::Status status;
  const auto call = stub.PrepareUnaryCall(&context, path, request, &queue);
  call->StartCall();
  call->Finish(answer, &status, nullptr);
  void* tag = nullptr;
  bool ok = false;
  queue.Next(&tag, &ok);
  return status;
}

/// One question and one answer on a bidirectional stream.
template <class Req, class Res>
::grpc::Status raw_exchange(const std::string& target, const std::string& path, const Req& request, Res* answer) {
  ::grpc::TemplatedGenericStub<Req, Res> stub(raw_channel(target));
  ::grpc::ClientContext context;
  limit(context);
  ::grpc::CompletionQueue queue;
  ::grpc::Status status;
  void* tag = nullptr;
  bool ok = false;
  const auto stream = stub.PrepareCall(&context, path, &queue);
  stream->StartCall(nullptr);
  queue.Next(&tag, &ok);
  stream->WriteLast(request, {}, nullptr);
  queue.Next(&tag, &ok);
  stream->Read(answer, nullptr);
  queue.Next(&tag, &ok);
  stream->Finish(&status, nullptr);
  queue.Next(&tag, &ok);
  return status;
}

}  // namespace pkg::grpc::testing
