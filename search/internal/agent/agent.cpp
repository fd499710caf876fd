#include "search/internal/agent/agent.hpp"

#include "pkg/agent/blueprint.hpp"
#include "pkg/agent/host.hpp"
#include "search/internal/adapters/pg/pg_order_history.hpp"
#include "search/internal/adapters/pg/pg_product_index.hpp"
#include "search/internal/agent/files.hpp"
#include "search/internal/agent/settings.hpp"
#include "search/internal/app/app.hpp"
#include "search/internal/constants/names.hpp"
#include "search/internal/ports/grpc/server.hpp"
#include "search/internal/ports/handlers/integration_events.hpp"
#include "users/userspb/roles.hpp"

namespace search::agent {
namespace {

pkg::agent::HostSpec host_spec() {
  pkg::agent::HostSpec spec;
  spec.service = constants::service;
  spec.title = "Search";
  spec.known_roles = mallbots::users::v1::roles();
  spec.migrations = {{"search", migration_files()}};
  spec.channels = {std::string(constants::user_events), std::string(constants::store_events), std::string(constants::product_events),
                   std::string(constants::order_events)};
  spec.descriptors = descriptor_files();
  return spec;
}

/// Members stand in the order of their dependence and go in reverse.
class SearchAgent final : public pkg::agent::Agent {
 public:
  SearchAgent(const pkg::agent::Process& process, const Settings& settings) : host_(process, settings.common, host_spec()) {
    ports::handle_integration_events(host_.handlers(), products_, orders_);
    host_.serve(ports::search_service(app_));
  }

  pkg::errors::Result<> start(std::stop_token stop) override { return host_.start(stop); }
  void stop(std::chrono::steady_clock::time_point deadline) override { host_.stop(deadline); }
  pkg::agent::Ports ports() const override { return host_.ports(); }
  pkg::agent::Subscriptions subscriptions() const override { return host_.subscriptions(); }

 private:
  pkg::agent::Host host_;
  adapters::pg::PgProductIndex products_;
  adapters::pg::PgOrderHistory orders_;
  app::Application app_{{host_.transactor(), products_, orders_}};
};

}  // namespace

std::unique_ptr<pkg::agent::Blueprint> blueprint() {
  return pkg::agent::blueprint<SearchAgent, Settings>(constants::service, default_settings().front().bytes);
}

}  // namespace search::agent
