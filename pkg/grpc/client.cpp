#include "pkg/grpc/client.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <thread>

#include <fmt/format.h>
#include <grpcpp/client_context.h>
#include <grpcpp/completion_queue.h>

#include "pkg/grpc/connection.hpp"
#include "pkg/grpc/status.hpp"
#include "pkg/rpc/metadata.hpp"

namespace pkg::grpc {
namespace {

using namespace std::chrono_literals;
using google::protobuf::Message;
using google::protobuf::MethodDescriptor;
using std::chrono::steady_clock;
using std::chrono::system_clock;

constexpr std::chrono::milliseconds first_pause = 50ms;
constexpr std::chrono::milliseconds longest_pause = 1s;

[[noreturn]] void stop(const std::string& what) {
  fmt::print(stderr, "fatal: {}\n", what);
  std::fflush(stderr);
  std::abort();
}

void add_if_any(::grpc::ClientContext& context, std::string_view key, const std::string& value) {
  if (!value.empty()) context.AddMetadata(std::string(key), value);
}

/// Half to the whole of what is due after so many tries, so that clients of a peer that comes back do not come all at once.
steady_clock::duration pause_after(int tries) {
  thread_local std::minstd_rand random(std::random_device{}());
  const auto due = std::min<std::chrono::milliseconds>(first_pause * (1 << std::min(tries, 10)), longest_pause);
  return std::chrono::milliseconds(std::uniform_int_distribution<std::int64_t>(due.count() / 2, due.count())(random));
}

/// A server that is being shut down cancels what still reaches it; this client itself cancels nothing.
bool is_away(const ::grpc::Status& status) {
  return status.error_code() == ::grpc::StatusCode::UNAVAILABLE || status.error_code() == ::grpc::StatusCode::CANCELLED;
}

system_clock::time_point on_system_clock(steady_clock::time_point deadline) {
  return system_clock::now() + std::chrono::duration_cast<system_clock::duration>(deadline - steady_clock::now());
}

}  // namespace

const MethodDescriptor& Client::described(std::string_view method) {
  const auto* found = google::protobuf::DescriptorPool::generated_pool()->FindMethodByName(std::string(method));
  if (found == nullptr) stop(fmt::format("there is no call '{}' in the linked-in .proto files", method));
  return *found;
}

void Client::check_types(const MethodDescriptor& method, const google::protobuf::Descriptor& request,
                         const google::protobuf::Descriptor& response) {
  if (method.input_type() == &request && method.output_type() == &response) return;
  stop(fmt::format("{} takes {} and answers {}, but is called with {} and {}", method.full_name(), method.input_type()->full_name(),
                   method.output_type()->full_name(), request.full_name(), response.full_name()));
}

errors::Result<> Client::call_untyped(const MethodDescriptor& method, const Message& request, Message& response,
                                      const CallOptions& options) const {
  const std::string path = "/" + method.service()->full_name() + "/" + method.name();
  const auto deadline = std::min(steady_clock::now() + options.timeout, options.deadline);
  for (int tries = 0;; ++tries) {
    ::grpc::ClientContext context;
    context.set_deadline(on_system_clock(deadline));
    if (token_) {
      const auto token = token_();
      if (!token) return errors::pass_on(token);
      context.AddMetadata(std::string(rpc::authorization_key), "Bearer " + *token);
    }
    add_if_any(context, rpc::request_id_key, options.cause.correlation_id);
    add_if_any(context, rpc::causation_id_key, options.cause.causation_id);
    add_if_any(context, rpc::traceparent_key, options.cause.traceparent);
    if (options.if_match) context.AddMetadata(std::string(rpc::if_match_key), std::to_string(*options.if_match));

    // A queue of its own: the answer is read by this thread, without a switch to another.
    ::grpc::CompletionQueue queue;
    ::grpc::Status status;
    const auto under_way = channel_.connection_->stub.PrepareUnaryCall(&context, path, request, &queue);
    under_way->StartCall();
    under_way->Finish(&response, &status, nullptr);
    void* tag = nullptr;
    bool ok = false;
    queue.Next(&tag, &ok);
    if (status.ok()) return {};

    const auto pause = pause_after(tries);
    const bool again = is_away(status) && tries < options.retries && steady_clock::now() + pause < deadline;
    if (!again) return std::unexpected(to_error(status));
    std::this_thread::sleep_for(pause);
  }
}

}  // namespace pkg::grpc
