#include "stores/internal/agent/agent.hpp"

#include "pkg/agent/blueprint.hpp"
#include "pkg/agent/host.hpp"
#include "pkg/es_pg/migrations.hpp"
#include "pkg/es_pg/pg_event_store.hpp"
#include "stores/internal/adapters/pg/pg_catalog.hpp"
#include "stores/internal/adapters/pg/pg_mall.hpp"
#include "stores/internal/adapters/pg/pg_stock_room.hpp"
#include "stores/internal/adapters/pg/product_codec.hpp"
#include "stores/internal/adapters/pg/store_codec.hpp"
#include "stores/internal/agent/files.hpp"
#include "stores/internal/agent/settings.hpp"
#include "stores/internal/app/app.hpp"
#include "stores/internal/constants/names.hpp"
#include "stores/internal/ports/grpc/server.hpp"
#include "stores/internal/ports/handlers/commands.hpp"
#include "stores/internal/ports/handlers/domain_events.hpp"
#include "stores/internal/ports/handlers/integration_events.hpp"
#include "stores/internal/ports/handlers/stock_ahead.hpp"
#include "users/userspb/roles.hpp"

namespace stores::agent {
namespace {

pkg::agent::HostSpec host_spec() {
  pkg::agent::HostSpec spec;
  spec.service = constants::service;
  spec.title = "Stores";
  spec.known_roles = mallbots::users::v1::roles();
  spec.migrations = {{"es", pkg::es_pg::migration_files()}, {"stores", migration_files()}};
  spec.channels = {std::string(constants::commands), std::string(constants::order_events)};
  spec.descriptors = descriptor_files();
  return spec;
}

/// Members stand in the order of their dependence and go in reverse.
class StoresAgent final : public pkg::agent::Agent {
 public:
  StoresAgent(const pkg::agent::Process& process, const Settings& settings) : host_(process, settings.common, host_spec()) {
    ports::handle_commands(host_.handlers(), app_, host_.replies());
    ports::handle_integration_events(host_.handlers(), app_);
    ports::look_ahead_at_stock(host_.handlers(), app_);
    host_.serve(ports::stores_service(app_, host_.ids()));
  }

  pkg::errors::Result<> start(std::stop_token stop) override { return host_.start(stop); }
  void stop(std::chrono::steady_clock::time_point deadline) override { host_.stop(deadline); }
  pkg::agent::Ports ports() const override { return host_.ports(); }
  pkg::agent::Subscriptions subscriptions() const override { return host_.subscriptions(); }

 private:
  pkg::agent::Host host_;
  pkg::es_pg::PgEventStore<domain::Store> stores_{adapters::pg::store_codec(), host_.clock()};
  pkg::es_pg::PgEventStore<domain::Product> products_{adapters::pg::product_codec(), host_.clock()};
  adapters::pg::PgMall mall_;
  adapters::pg::PgCatalog catalog_;
  adapters::pg::PgStockRoom stock_;
  ports::PublishedStoreNews store_news_{host_.publisher()};
  ports::PublishedProductNews product_news_{host_.publisher()};
  app::Application app_{{host_.transactor(), stores_, products_, mall_, catalog_, stock_, store_news_, product_news_}};
};

}  // namespace

std::unique_ptr<pkg::agent::Blueprint> blueprint() {
  return pkg::agent::blueprint<StoresAgent, Settings>(constants::service, default_settings().front().bytes);
}

}  // namespace stores::agent
