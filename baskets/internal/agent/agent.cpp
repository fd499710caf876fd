#include "baskets/internal/agent/agent.hpp"

#include "baskets/internal/adapters/grpc/stores_catalog.hpp"
#include "baskets/internal/adapters/pg/basket_codec.hpp"
#include "baskets/internal/adapters/pg/pg_offer_cache.hpp"
#include "baskets/internal/adapters/pg/pg_open_baskets.hpp"
#include "baskets/internal/agent/files.hpp"
#include "baskets/internal/agent/settings.hpp"
#include "baskets/internal/app/app.hpp"
#include "baskets/internal/constants/names.hpp"
#include "baskets/internal/ports/grpc/server.hpp"
#include "baskets/internal/ports/handlers/domain_events.hpp"
#include "baskets/internal/ports/handlers/integration_events.hpp"
#include "pkg/agent/blueprint.hpp"
#include "pkg/agent/host.hpp"
#include "pkg/es_pg/migrations.hpp"
#include "pkg/es_pg/pg_event_store.hpp"
#include "pkg/grpc/channel.hpp"
#include "users/userspb/roles.hpp"

namespace baskets::agent {
namespace {

pkg::agent::HostSpec host_spec() {
  pkg::agent::HostSpec spec;
  spec.service = constants::service;
  spec.title = "Baskets";
  spec.known_roles = mallbots::users::v1::roles();
  spec.migrations = {{"es", pkg::es_pg::migration_files()}, {"baskets", migration_files()}};
  spec.channels = {std::string(constants::store_events), std::string(constants::product_events)};
  spec.descriptors = descriptor_files();
  return spec;
}

/// Members stand in the order of their dependence and go in reverse.
class BasketsAgent final : public pkg::agent::Agent {
 public:
  BasketsAgent(const pkg::agent::Process& process, const Settings& settings)
      : settings_(settings), host_(process, settings.common, host_spec()) {
    ports::handle_integration_events(host_.handlers(), offers_);
    host_.serve(ports::baskets_service(app_, host_.ids()));
    host_.ticker().every(settings_.expiry_interval, "expire baskets", [this] { return expire_baskets(); });
  }

  pkg::errors::Result<> start(std::stop_token stop) override { return host_.start(stop); }
  void stop(std::chrono::steady_clock::time_point deadline) override { host_.stop(deadline); }
  pkg::agent::Ports ports() const override { return host_.ports(); }
  pkg::agent::Subscriptions subscriptions() const override { return host_.subscriptions(); }

 private:
  using NextRound = std::optional<std::chrono::milliseconds>;

  pkg::errors::Result<NextRound> expire_baskets() {
    constexpr int batch = 100;
    const auto id = host_.ids().next().to_string();
    const auto seen = app_.expire_baskets({id, id, {}}, settings_.basket_lifetime, batch);
    if (!seen) return pkg::errors::pass_on(seen);
    return *seen < batch ? NextRound{} : NextRound{std::chrono::milliseconds{0}};
  }

  const Settings& settings_;
  pkg::agent::Host host_;
  pkg::grpc::Channel stores_{{.target = settings_.stores_address}};
  pkg::es_pg::PgEventStore<domain::Basket> baskets_{adapters::pg::basket_codec(), host_.clock()};
  adapters::pg::PgOpenBaskets open_baskets_;
  adapters::pg::PgOfferCache offers_;
  adapters::grpc::StoresCatalog catalog_{stores_};
  ports::PublishedBasketNews news_{host_.publisher()};
  app::Application app_{{host_.transactor(), baskets_, open_baskets_, offers_, catalog_, news_, host_.clock()}};
};

}  // namespace

std::unique_ptr<pkg::agent::Blueprint> blueprint() {
  return pkg::agent::blueprint<BasketsAgent, Settings>(constants::service, default_settings().front().bytes);
}

}  // namespace baskets::agent
