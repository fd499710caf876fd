#pragma once
// What a Channel hides. Private to pkg/grpc.

#include <google/protobuf/message.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/impl/codegen/proto_utils.h>

#include "pkg/grpc/channel.hpp"

namespace pkg::grpc {

struct Channel::Connection {
  ::grpc::TemplatedGenericStub<google::protobuf::Message, google::protobuf::Message> stub;
};

}  // namespace pkg::grpc
