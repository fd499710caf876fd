#pragma once
// One call of the table, run the same way under every transport.

#include <chrono>
#include <functional>
#include <string_view>

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include "pkg/errors/error.hpp"
#include "pkg/rpc/call.hpp"
#include "pkg/rpc/service.hpp"

namespace pkg::rpc {

/// What became of a call; valid only during the observer's call.
struct Finished {
  std::string_view transport;  ///< "grpc" or "rest"
  const google::protobuf::MethodDescriptor& method;
  const Call& call;
  const errors::Error* error;  ///< null where it went well; the whole truth, which for `internal` the caller is not told
  std::chrono::nanoseconds took;
};

/// Where calls are logged, counted and traced: once, as they leave the process. Called from many threads at once; must not throw.
using Observer = std::function<void(const Finished&)>;

/// Runs the handler. A call whose deadline is over is not begun (`unavailable`, "deadline_exceeded"); an exception that a handler
/// lets out is `internal`, because one request must not end the process for all.
errors::Result<> invoke(const Method& method, const Call& call, const google::protobuf::Message& request,
                        google::protobuf::Message& response);

}  // namespace pkg::rpc
