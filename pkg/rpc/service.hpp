#pragma once
// A service's calls, free of any transport: gRPC (pkg/grpc) and REST (pkg/rest) both serve the same table. The .proto says what
// there is and who may call it; the table says what is done.

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include "pkg/errors/error.hpp"
#include "pkg/rpc/call.hpp"

namespace pkg::rpc {

struct Method {
  using Handler =
      std::function<errors::Result<>(const Call&, const google::protobuf::Message& request, google::protobuf::Message& response)>;

  const google::protobuf::MethodDescriptor* descriptor = nullptr;
  Handler handler;
};

class Service {
 public:
  explicit Service(const google::protobuf::ServiceDescriptor* descriptor) : descriptor_(descriptor) {}
  /// The service of that full name among the .proto files linked in; stops the process where there is none.
  explicit Service(std::string_view full_name);

  /// Binds a call: `errors::Result<Res>(const Call&, const Req&)`. A name or type that the .proto
  /// does not have, or a name bound twice, stops the process.
  template <class Req, class Res, class F>
  Service& unary(std::string_view name, F handle) {
    bind(name, Req::descriptor(), Res::descriptor(),
         [handle = std::move(handle)](const Call& call, const google::protobuf::Message& request,
                                      google::protobuf::Message& response) -> errors::Result<> {
           errors::Result<Res> result = handle(call, static_cast<const Req&>(request));
           if (!result) return std::unexpected(std::move(result.error()));
           static_cast<Res&>(response) = std::move(*result);
           return {};
         });
    return *this;
  }

  /// The same for a method of a class that holds what the calls need; the service keeps a copy of it.
  template <class Calls, class Req, class Res>
  Service& unary(std::string_view name, const Calls& calls, errors::Result<Res> (Calls::*handle)(const Call&, const Req&) const) {
    return unary<Req, Res>(name, [calls, handle](const Call& call, const Req& request) { return (calls.*handle)(call, request); });
  }

  /// Asks before each call whether it may run at all: a service that is still starting says `unavailable`. Before the service is served.
  void guard(const std::function<errors::Result<>()>& may_run);

  const google::protobuf::ServiceDescriptor& descriptor() const { return *descriptor_; }
  const std::vector<Method>& methods() const { return methods_; }

  /// The call of that name (the bare one: "CheckOut"), or null.
  const Method* find(std::string_view name) const;

  /// What stands in the way of serving this: calls of the .proto that are not bound, calls that stream, calls without exactly one
  /// access rule, and rules that name a role not in `known_roles`. One readable line each; a service with any does not start.
  std::vector<std::string> faults(std::span<const std::string_view> known_roles) const;

 private:
  void bind(std::string_view name, const google::protobuf::Descriptor* request, const google::protobuf::Descriptor* response,
            Method::Handler handler);

  const google::protobuf::ServiceDescriptor* descriptor_;
  std::vector<Method> methods_;
};

}  // namespace pkg::rpc
