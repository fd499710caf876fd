#include "pkg/grpc/channel.hpp"

#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <grpcpp/support/channel_arguments.h>

#include "pkg/grpc/connection.hpp"
#include "pkg/grpc/library.hpp"

namespace pkg::grpc {
namespace {

constexpr int keepalive_timeout_ms = 10'000;

::grpc::ChannelArguments arguments(const ChannelOptions& options) {
  ::grpc::ChannelArguments args;
  const auto ms = [](std::chrono::milliseconds d) { return static_cast<int>(d.count()); };
  args.SetMaxReceiveMessageSize(static_cast<int>(options.max_message_bytes));
  args.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, ms(options.first_reconnect));
  args.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, ms(options.connect_time));  // how long one attempt may take
  args.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, ms(options.last_reconnect));
  args.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, ms(options.keepalive_every));
  args.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, keepalive_timeout_ms);
  args.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  args.SetInt(GRPC_ARG_ENABLE_RETRIES, 0);  // Client decides, within the caller's deadline
  args.SetInt(GRPC_ARG_SERVICE_CONFIG_DISABLE_RESOLUTION, 1);
  return args;
}

std::shared_ptr<::grpc::Channel> connect(const ChannelOptions& options) {  // shared by gRPC
  prepare_library();
  return ::grpc::CreateCustomChannel(options.target, ::grpc::InsecureChannelCredentials(), arguments(options));
}

}  // namespace

Channel::Channel(const ChannelOptions& options) : connection_(new Connection{decltype(Connection::stub)(connect(options))}) {}

Channel::~Channel() = default;

}  // namespace pkg::grpc
