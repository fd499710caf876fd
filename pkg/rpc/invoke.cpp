#include "pkg/rpc/invoke.hpp"

#include <exception>

#include "pkg/faults/crash_point.hpp"

namespace pkg::rpc {

using errors::ErrorKind;

errors::Result<> invoke(const Method& method, const Call& call, const google::protobuf::Message& request,
                        google::protobuf::Message& response) {
  if (std::chrono::steady_clock::now() >= call.deadline) {
    return errors::fail(ErrorKind::unavailable, "deadline_exceeded", "The call waited longer than its caller would.");
  }
  const faults::Scope scope("call", method.descriptor->name());
  try {
    auto done = method.handler(call, request, response);
    faults::crash_point("call.done");
    return done;
  } catch (const std::exception& e) {
    return errors::fail(ErrorKind::internal, "internal", std::string("the handler let an exception out: ") + e.what());
  } catch (...) {
    return errors::fail(ErrorKind::internal, "internal", "the handler let out an exception of no known type");
  }
}

}  // namespace pkg::rpc
