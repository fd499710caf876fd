#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include "pkg/errors/error.hpp"
#include "pkg/grpc/channel.hpp"
#include "pkg/uow/unit_of_work.hpp"

namespace pkg::grpc {

/// The caller's own token, asked for once per attempt; it may be renewed in between. Called from many threads at once.
using TokenSource = std::function<errors::Result<std::string>()>;

struct CallOptions {
  /// The call ends, retries included, at the earlier of the two. Pass on rpc::Call::deadline.
  std::chrono::milliseconds timeout{2'000};
  std::chrono::steady_clock::time_point deadline = std::chrono::steady_clock::time_point::max();
  /// How often a call is tried again that ended in UNAVAILABLE, or CANCELLED by a server that stops, first after about 50 ms, then twice as
  /// long, at most 1 s. The peer may have done its work all the same: say 0 for a call that must not happen twice. Six times bridge more
  /// than a second, so a peer that is restarted is not noticed.
  int retries = 6;
  uow::Cause cause{};
  std::optional<std::uint64_t> if_match{};
};

/// Calls a peer's services over a shared channel. A call blocks the calling thread; any number of threads may call at once.
class Client {
 public:
  /// The channel outlives the client. Without a token source calls are made by nobody.
  explicit Client(const Channel& channel, TokenSource token = {}) : channel_(channel), token_(std::move(token)) {}

  /// Calls a method by its full name ("mallbots.stores.v1.StoresService.GetProduct") or descriptor. A name or type that the linked-in
  /// .proto does not have stops the process. The peer's own error comes back as it was sent: kind, code, detail and field. Besides, it
  /// fails with `unavailable` ("unavailable" where there is no connection, "deadline_exceeded"), or as the token source does.
  template <class Req, class Res>
  errors::Result<Res> call(std::string_view method, const Req& request, const CallOptions& options = {}) const {
    return call<Req, Res>(described(method), request, options);
  }

  template <class Req, class Res>
  errors::Result<Res> call(const google::protobuf::MethodDescriptor& method, const Req& request, const CallOptions& options = {}) const {
    Res response;
    if (auto done = call(method, request, response, options); !done) return errors::pass_on(done);
    return response;
  }

  /// The same for messages whose types are known at run time only; `response` is filled.
  errors::Result<> call(const google::protobuf::MethodDescriptor& method, const google::protobuf::Message& request,
                        google::protobuf::Message& response, const CallOptions& options = {}) const {
    check_types(method, *request.GetDescriptor(), *response.GetDescriptor());
    return call_untyped(method, request, response, options);
  }

 private:
  static const google::protobuf::MethodDescriptor& described(std::string_view method);
  static void check_types(const google::protobuf::MethodDescriptor& method, const google::protobuf::Descriptor& request,
                          const google::protobuf::Descriptor& response);
  errors::Result<> call_untyped(const google::protobuf::MethodDescriptor& method, const google::protobuf::Message& request,
                                google::protobuf::Message& response, const CallOptions& options) const;

  const Channel& channel_;
  TokenSource token_;
};

}  // namespace pkg::grpc
