#pragma once
// The parts that every service has, put together and run: database, messages in and out, calls over gRPC and REST, probes, metrics,
// periodic work. A service's agent owns one, hands its parts to its adapters and ports, and registers what it serves.

#include <atomic>
#include <chrono>
#include <deque>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "pkg/agent/agent.hpp"
#include "pkg/agent/observation.hpp"
#include "pkg/agent/settings.hpp"
#include "pkg/agent/ticker.hpp"
#include "pkg/auth/key_set.hpp"
#include "pkg/auth/tokens.hpp"
#include "pkg/embed/embedded_file.hpp"
#include "pkg/errors/error.hpp"
#include "pkg/messaging/broker.hpp"
#include "pkg/messaging/handlers.hpp"
#include "pkg/messaging/publisher.hpp"
#include "pkg/messaging_pg/pg_messaging.hpp"
#include "pkg/metrics/metrics.hpp"
#include "pkg/postgres/migrations.hpp"
#include "pkg/postgres/pool.hpp"
#include "pkg/postgres/transactor.hpp"
#include "pkg/rpc/service.hpp"
#include "pkg/rpc/workers.hpp"
#include "pkg/saga/replies.hpp"

namespace pkg::grpc {
class Server;
}
namespace pkg::rest {
class Server;
class Site;
}  // namespace pkg::rest

namespace pkg::agent {

struct MigrationSet {
  std::string name;
  std::span<const embed::EmbeddedFile> files;
};

struct HostSpec {
  std::string service;                            ///< "baskets"
  std::string title;                              ///< of its documentation
  std::vector<std::string_view> known_roles;      ///< what access rules may name
  std::vector<MigrationSet> migrations;           ///< in this order, behind those of messaging
  std::vector<std::string> channels;              ///< what it listens to
  std::span<const embed::EmbeddedFile> descriptors;  ///< its protos' descriptor set, one file, for the documentation
  auth::KeySet::Fetch keys;                       ///< where keys of access tokens come from; empty: Settings::jwks_url
};

class Host {
 public:
  /// Opens nothing yet. Settings and process outlive the host.
  Host(const Process& process, const Settings& settings, HostSpec spec);
  ~Host();
  Host(const Host&) = delete;
  Host& operator=(const Host&) = delete;

  // Parts for the service's adapters and ports.
  const clock::Clock& clock() const { return process_.clock; }
  ids::IdSource& ids() const { return process_.ids; }
  const log::Logger& log() const { return log_; }
  metrics::Registry& metrics() { return registry_; }
  postgres::Pool& pool() { return pool_; }
  uow::Transactor& transactor() { return transactor_; }
  messaging::Outbox& outbox() { return messaging_.outbox(); }
  messaging::Publisher& publisher() { return publisher_; }
  const saga::Replies& replies() const { return replies_; }
  messaging::Handlers& handlers() { return handlers_; }
  Ticker& ticker() { return ticker_; }

  /// Serves the calls over gRPC and REST. Before start().
  void serve(rpc::Service service);

  /// What must be done before anybody may call: start() does it once the database is migrated and messages flow, and again and again while
  /// it fails in a way that passes (errors::is_retryable); at another failure start() fails. Before start().
  void prepare(std::function<errors::Result<>()> preparation);

  /// See Agent.
  errors::Result<> start(const std::stop_token& stop);
  void stop(std::chrono::steady_clock::time_point deadline);

  Ports ports() const;
  Subscriptions subscriptions() const;

 private:
  errors::Result<> open_ports();
  errors::Result<> open_grpc();
  errors::Result<> begin_to_serve();
  bool shares_its_ports() const { return process_.sockets.contains(spec_.service); }
  std::vector<const rpc::Service*> services() const;
  errors::Result<> migrate(const std::stop_token& stop);
  errors::Result<> run_preparation(const std::stop_token& stop);
  void add_pages();
  std::string why_not_ready() const;

  const Process process_;
  const Settings& settings_;
  const HostSpec spec_;
  log::Logger log_;
  metrics::Registry registry_;
  MessagingObservation messaging_observation_;
  auth::KeySet keys_;
  auth::Verifier verifier_;
  postgres::Pool pool_;
  postgres::PgTransactor transactor_;
  std::unique_ptr<messaging::Broker> broker_;
  messaging_pg::PgMessaging messaging_;
  messaging::Publisher publisher_;
  saga::Replies replies_;
  messaging::Handlers handlers_;
  Ticker ticker_;
  std::function<errors::Result<>()> preparation_;
  std::atomic<const char*> waits_for_ = "the database's migration";  ///< null while it is ready
  std::atomic<bool> takes_calls_ = false;  ///< from when it is ready to its end: while it stops too, who is connected is served
  std::deque<rpc::Service> services_;
  std::unique_ptr<rest::Site> site_;
  std::unique_ptr<rpc::Workers> workers_;
  std::unique_ptr<rest::Server> http_;
  std::unique_ptr<grpc::Server> grpc_;
};

}  // namespace pkg::agent
