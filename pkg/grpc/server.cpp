#include "pkg/grpc/server.hpp"

#include <algorithm>
#include <deque>
#include <mutex>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <grpcpp/health_check_service_interface.h>
#include <grpcpp/resource_quota.h>
#include <grpcpp/security/server_credentials.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>

#include "pkg/grpc/bound_service.hpp"
#include "pkg/grpc/library.hpp"
#include "pkg/grpc/reflection.hpp"

namespace pkg::grpc {
namespace {

using errors::ErrorKind;
using std::chrono::steady_clock;

constexpr std::chrono::seconds patience_of_destructor{5};
constexpr int keepalive_timeout_ms = 10'000;
constexpr int pings_at_most_every_ms = 10'000;

std::vector<std::string> names_of(std::span<const rpc::Service* const> services) {
  std::vector<std::string> names;
  for (const auto* service : services) names.push_back(service->descriptor().full_name());
  return names;
}

std::vector<std::string> listed(std::vector<std::string> names) {
  names.emplace_back("grpc.health.v1.Health");
  names.emplace_back("grpc.reflection.v1alpha.ServerReflection");
  return names;
}

void set_limits(::grpc::ServerBuilder& builder, const ServerOptions& options) {
  builder.SetMaxReceiveMessageSize(static_cast<int>(options.max_message_bytes));
  builder.SetMaxSendMessageSize(static_cast<int>(options.max_answer_bytes));
  ::grpc::ResourceQuota quota("pkg_grpc_server");
  quota.Resize(options.max_memory_bytes);
  builder.SetResourceQuota(quota);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, options.max_concurrent_per_connection);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, static_cast<int>(options.keepalive_every.count()));
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, keepalive_timeout_ms);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, pings_at_most_every_ms);
  // Where it is not meant two services on one port would both start, and each get some of the calls.
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, options.shares_port ? 1 : 0);
}

class ListeningServer final : public Server {
 public:
  ListeningServer(ServerOptions options, std::span<const rpc::Service* const> services, Parts parts)
      : around_{std::move(parts.authenticate), options.observer, parts.workers, parts.ids},
        names_(names_of(services)),
        reflection_(listed(names_)) {
    for (const auto* service : services) services_.emplace_back(*service, around_);
    prepare_library();
    ::grpc::ServerBuilder builder;
    set_limits(builder, options);
    for (auto& service : services_) builder.RegisterService(&service);
    builder.RegisterService(&reflection_);
    builder.AddListeningPort(options.address, ::grpc::InsecureServerCredentials(), &port_);
    server_ = builder.BuildAndStart();
    if (server_ != nullptr) set_serving(false);
  }

  ~ListeningServer() override { stop(steady_clock::now() + patience_of_destructor); }

  bool is_listening() const { return server_ != nullptr && port_ != 0; }

  int port() const override { return port_; }

  void set_serving(bool serving) override {
    const std::scoped_lock lock(mutex_);
    if (around_.stopping) return;
    auto* health = server_->GetHealthCheckService();
    health->SetServingStatus("", serving);
    for (const auto& name : names_) health->SetServingStatus(name, serving);
  }

  void stop(steady_clock::time_point deadline) override {
    if (server_ == nullptr) return;
    {
      const std::scoped_lock lock(mutex_);
      if (around_.stopping.exchange(true)) return;
      server_->GetHealthCheckService()->Shutdown();
    }
    const auto left = std::max(deadline - steady_clock::now(), steady_clock::duration::zero());
    server_->Shutdown(std::chrono::system_clock::now() + std::chrono::duration_cast<std::chrono::system_clock::duration>(left));
  }

 private:
  Surroundings around_;
  const std::vector<std::string> names_;
  ReflectionService reflection_;
  std::deque<BoundService> services_;
  int port_ = 0;
  std::mutex mutex_;  // readiness may change while the server is being stopped
  std::unique_ptr<::grpc::Server> server_;  // last: its calls use all of the above
};

}  // namespace

errors::Result<std::unique_ptr<Server>> Server::start(ServerOptions options, std::span<const rpc::Service* const> services, Parts parts) {
  std::vector<std::string> faults;
  for (const auto* service : services) {
    for (auto& fault : service->faults(options.known_roles)) faults.push_back(std::move(fault));
  }
  if (!faults.empty()) return errors::fail(ErrorKind::internal, "service_faults", fmt::format("{}", fmt::join(faults, "; ")));
  const std::string address = options.address;
  auto server = std::make_unique<ListeningServer>(std::move(options), services, std::move(parts));
  if (!server->is_listening()) return errors::fail(ErrorKind::unavailable, "cannot_listen", "cannot listen on " + address);
  return server;
}

}  // namespace pkg::grpc
