#include "pkg/agent/host.hpp"

#include <condition_variable>
#include <mutex>

#include "pkg/agent/host_options.hpp"
#include "pkg/agent/start_up_memory.hpp"
#include "pkg/auth/jwks_url.hpp"
#include "pkg/faults/crash_point.hpp"
#include "pkg/grpc/server.hpp"
#include "pkg/messaging_pg/migrations.hpp"
#include "pkg/rest/openapi.hpp"
#include "pkg/rest/server.hpp"
#include "pkg/rest/site.hpp"
#include "pkg/rest/swagger.hpp"

namespace pkg::agent {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

/// A process that stops lets go of the lead after this time also where a handler takes longer; what it has out comes to the next leader.
constexpr milliseconds hand_over_limit{1'000};

milliseconds left_until(steady_clock::time_point deadline) {
  return std::max(milliseconds{0}, std::chrono::duration_cast<milliseconds>(deadline - steady_clock::now()));
}

/// Waits, but not when a stop is requested meanwhile.
void pause(const std::stop_token& stop, milliseconds time) {
  std::mutex mutex;
  std::condition_variable_any never;
  std::unique_lock lock(mutex);
  never.wait_for(lock, stop, time, [] { return false; });
}

rest::Response json(int status, std::string body) {
  rest::Response response;
  response.status = status;
  response.content_type = "application/json";
  response.body = std::move(body);
  return response;
}

}  // namespace

Host::Host(const Process& process, const Settings& settings, HostSpec spec)
    : process_(process),
      settings_(settings),
      spec_(std::move(spec)),
      log_(process.log, process.clock, spec_.service, log::parse_level(settings.log_level).value_or(log::Level::info)),
      registry_(metrics::Labels{{"service", spec_.service}}),
      messaging_observation_(registry_, log_),
      keys_(spec_.keys ? spec_.keys : auth::keys_at(settings.jwks_url), process.clock),
      verifier_(keys_, process.clock, {.issuer = settings.token_issuer, .audience = settings.token_issuer}),
      pool_(pool_options(settings, spec_, log_)),
      transactor_(pool_),
      broker_(process.broker ? process.broker() : create_broker(settings, spec_, log_)),
      messaging_(pool_, *broker_, process.clock, messaging_options(settings, spec_), messaging_observation_),
      publisher_(messaging_.outbox(), process.ids, process.clock, "/" + settings.stream + "/" + spec_.service),
      replies_(messaging_.outbox(), process.ids, process.clock, "/" + settings.stream + "/" + spec_.service),
      ticker_(log_) {}

Host::~Host() = default;

void Host::serve(rpc::Service service) {
  service.guard([this]() -> errors::Result<> {
    if (takes_calls_) return {};
    return errors::fail(errors::ErrorKind::unavailable, "not_ready", "The service is starting; try again in a moment.");
  });
  services_.push_back(std::move(service));
}

errors::Result<> Host::start(const std::stop_token& stop) {
  if (auto opened = open_ports(); !opened) return opened;
  if (auto migrated = migrate(stop); !migrated || stop.stop_requested()) return migrated;
  faults::crash_point("agent.migrated", "start");
  for (const auto type : handlers_.types()) faults::announce("message", type);
  messaging_.start(transactor_, handlers_);
  waits_for_ = "its preparation";
  if (auto prepared = run_preparation(stop); !prepared || stop.stop_requested()) return prepared;
  faults::crash_point("agent.prepared", "start");
  ticker_.start();
  if (auto serving = begin_to_serve(); !serving) return serving;
  faults::crash_point("agent.serving", "start");
  log_.info("at work", {{"httpPort", ports().http}, {"grpcPort", ports().grpc}});
  give_back_start_up_memory();
  return {};
}

std::vector<const rpc::Service*> Host::services() const {
  std::vector<const rpc::Service*> all;
  for (const auto& service : services_) all.push_back(&service);
  return all;
}

errors::Result<> Host::open_ports() {
  for (const auto& service : services_) {
    for (const auto& method : service.methods()) faults::announce("call", method.descriptor->name());
  }
  site_ = std::make_unique<rest::Site>(
      rest::Site::Parts{services(), auth::authenticator(verifier_), process_.ids, observe_calls(registry_, log_), settings_.call_timeout});
  add_pages();
  workers_ = std::make_unique<rpc::Workers>(
      spec_.service,
      rpc::Workers::Size{.threads = settings_.workers, .reads_at_once = settings_.reads_at_once, .queue_limit = settings_.waiting_calls});
  rest::ServerOptions options{.address = settings_.listen_host, .port = settings_.http_port};
  if (shares_its_ports()) options.socket = process_.sockets.find(spec_.service)->second;
  http_ = std::make_unique<rest::Server>(std::move(options), *site_, *workers_);
  if (auto started = http_->start(); !started) return started;
  // On a shared port calls would come here instead of to the process that is ready.
  return shares_its_ports() ? errors::Result<>() : open_grpc();
}

errors::Result<> Host::open_grpc() {
  grpc::ServerOptions options;
  options.address = settings_.listen_host + ":" + std::to_string(settings_.grpc_port);
  options.shares_port = shares_its_ports();
  options.known_roles = spec_.known_roles;
  options.observer = observe_calls(registry_, log_);
  auto server = grpc::Server::start(std::move(options), services(), {auth::authenticator(verifier_), *workers_, process_.ids});
  if (!server) return errors::pass_on(server);
  grpc_ = std::move(*server);
  return {};
}

errors::Result<> Host::begin_to_serve() {
  waits_for_ = nullptr;
  takes_calls_ = true;
  if (!grpc_) {
    if (auto opened = open_grpc(); !opened) return opened;
  }
  grpc_->set_serving(true);
  http_->accept();
  return {};
}

errors::Result<> Host::migrate(const std::stop_token& stop) {
  std::vector<MigrationSet> sets{{"messaging", messaging_pg::migration_files()}};
  sets.insert(sets.end(), spec_.migrations.begin(), spec_.migrations.end());
  std::vector<postgres::Migration> steps;
  for (const auto& set : sets) {
    auto read = postgres::embedded_migrations(set.name, set.files);
    if (!read) return errors::pass_on(read);
    steps.insert(steps.end(), std::make_move_iterator(read->begin()), std::make_move_iterator(read->end()));
  }
  for (bool waiting = false; !stop.stop_requested(); waiting = true) {
    auto done = postgres::migrate(pool_.options().connection, steps, pool_.options().log);
    if (done || done.error().kind != errors::ErrorKind::unavailable) return done;
    if (!waiting) log_.warn("waiting for the database", done.error());
    pause(stop, milliseconds{500});
  }
  return {};
}

void Host::prepare(std::function<errors::Result<>()> preparation) { preparation_ = std::move(preparation); }

errors::Result<> Host::run_preparation(const std::stop_token& stop) {
  const faults::Scope scope("task", "preparation");
  while (preparation_ && !stop.stop_requested()) {
    auto done = preparation_();
    if (done || !errors::is_retryable(done.error().kind)) return done;
    log_.warn("the start waits", done.error());
    pause(stop, milliseconds{500});
  }
  return {};
}

void Host::stop(steady_clock::time_point deadline) {
  waits_for_ = "its end";
  if (grpc_) grpc_->set_serving(false);
  faults::crash_point("agent.stopping", "end");
  // From here on new callers go to another process, where there is one; and so does the lead, as orders wait for it.
  if (http_) http_->begin_stop(left_until(deadline));
  ticker_.stop();
  messaging_.hand_over(std::min(left_until(deadline), hand_over_limit));
  if (http_) http_->stop(left_until(deadline));
  if (grpc_) grpc_->stop(deadline);
  if (workers_) workers_->stop(deadline);
  if (!messaging_.drain(left_until(deadline))) log_.warn("stopped before all messages were through; they are delivered again");
  faults::crash_point("agent.drained", "end");
  log_.info("stopped");
}

void Host::add_pages() {
  site_->add_get("/liveness", [](const rest::Request&) { return json(200, R"({"status":"alive"})"); });
  site_->add_get("/readiness", [this](const rest::Request&) {
    const auto why_not = why_not_ready();
    if (!why_not.empty()) return json(503, R"({"status":"not ready","waitsFor":")" + why_not + "\"}");
    // Without the event server calls are still answered: what they cause leaves when it is back.
    return broker_->is_connected() ? json(200, R"({"status":"ready"})") : json(200, R"({"status":"ready","waitsFor":"the event server"})");
  });
  site_->add_get("/metrics", [this](const rest::Request&) {
    const auto figures = messaging_.figures();
    registry_.gauge("mallbots_outbox_backlog", "Committed messages in memory that the event server has not confirmed yet.")
        .set(static_cast<double>(figures.backlog));
    registry_.gauge("mallbots_outbox_published", "Messages that the event server has confirmed since the start.")
        .set(static_cast<double>(figures.published));
    registry_
        .gauge("mallbots_outbox_unhandled",
               "Rows of the outbox that the event server has confirmed and not all who read them have handled yet.")
        .set(static_cast<double>(figures.unhandled));
    registry_.gauge("mallbots_outbox_swept", "Messages found in the database by the sweep since the start.")
        .set(static_cast<double>(figures.swept));
    registry_.gauge("mallbots_outbox_dead", "Messages that the event server refused for good since the start.")
        .set(static_cast<double>(figures.dead));
    rest::Response response;
    response.content_type = metrics::exposition_type;
    response.body = registry_.exposition();
    return response;
  });
  rest::add_openapi(*site_, {.title = spec_.title, .version = "1", .server = "/"},
                    spec_.descriptors.empty() ? std::string_view{} : spec_.descriptors.front().bytes);
  rest::add_swagger(*site_);
}

std::string Host::why_not_ready() const {
  if (const char* waits_for = waits_for_) return waits_for;
  return messaging_observation_.misses_database() ? "the database" : "";
}

Subscriptions Host::subscriptions() const {
  const auto types = handlers_.types();
  return {spec_.channels, {types.begin(), types.end()}};
}

Ports Host::ports() const {
  return {.http = http_ ? http_->port() : std::uint16_t{0}, .grpc = grpc_ ? static_cast<std::uint16_t>(grpc_->port()) : std::uint16_t{0}};
}

}  // namespace pkg::agent
