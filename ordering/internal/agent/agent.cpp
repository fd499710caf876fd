#include "ordering/internal/agent/agent.hpp"

#include "ordering/internal/adapters/pg/order_codec.hpp"
#include "ordering/internal/adapters/pg/pg_order_book.hpp"
#include "ordering/internal/agent/files.hpp"
#include "ordering/internal/agent/settings.hpp"
#include "ordering/internal/app/app.hpp"
#include "ordering/internal/constants/names.hpp"
#include "ordering/internal/ports/grpc/server.hpp"
#include "ordering/internal/ports/handlers/commands.hpp"
#include "ordering/internal/ports/handlers/domain_events.hpp"
#include "ordering/internal/ports/handlers/integration_events.hpp"
#include "pkg/agent/blueprint.hpp"
#include "pkg/agent/host.hpp"
#include "pkg/es_pg/migrations.hpp"
#include "pkg/es_pg/pg_event_store.hpp"
#include "users/userspb/roles.hpp"

namespace ordering::agent {
namespace {

pkg::agent::HostSpec host_spec() {
  pkg::agent::HostSpec spec;
  spec.service = constants::service;
  spec.title = "Ordering";
  spec.known_roles = mallbots::users::v1::roles();
  spec.migrations = {{"es", pkg::es_pg::migration_files()}, {"ordering", migration_files()}};
  spec.channels = {std::string(constants::basket_events), std::string(constants::shopping_list_events),
                   std::string(constants::invoice_events), std::string(constants::commands)};
  spec.descriptors = descriptor_files();
  return spec;
}

/// Members stand in the order of their dependence and go in reverse.
class OrderingAgent final : public pkg::agent::Agent {
 public:
  OrderingAgent(const pkg::agent::Process& process, const Settings& settings) : host_(process, settings.common, host_spec()) {
    ports::handle_integration_events(host_.handlers(), app_);
    ports::handle_commands(host_.handlers(), app_, host_.replies());
    host_.serve(ports::ordering_service(app_));
  }

  pkg::errors::Result<> start(std::stop_token stop) override { return host_.start(stop); }
  void stop(std::chrono::steady_clock::time_point deadline) override { host_.stop(deadline); }
  pkg::agent::Ports ports() const override { return host_.ports(); }
  pkg::agent::Subscriptions subscriptions() const override { return host_.subscriptions(); }

 private:
  pkg::agent::Host host_;
  pkg::es_pg::PgEventStore<domain::Order> orders_{adapters::pg::order_codec(), host_.clock()};
  adapters::pg::PgOrderBook book_;
  ports::PublishedOrderNews news_{host_.publisher()};
  app::Application app_{{host_.transactor(), orders_, book_, news_, host_.clock()}};
};

}  // namespace

std::unique_ptr<pkg::agent::Blueprint> blueprint() {
  return pkg::agent::blueprint<OrderingAgent, Settings>(constants::service, default_settings().front().bytes);
}

}  // namespace ordering::agent
