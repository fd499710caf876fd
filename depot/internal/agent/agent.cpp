#include "depot/internal/agent/agent.hpp"

#include <algorithm>

#include "depot/internal/adapters/grpc/stores_directory.hpp"
#include "depot/internal/adapters/pg/pg_bots.hpp"
#include "depot/internal/adapters/pg/pg_floor.hpp"
#include "depot/internal/adapters/pg/pg_shopping_lists.hpp"
#include "depot/internal/adapters/pg/pg_store_cache.hpp"
#include "depot/internal/agent/files.hpp"
#include "depot/internal/agent/settings.hpp"
#include "depot/internal/app/app.hpp"
#include "depot/internal/constants/names.hpp"
#include "depot/internal/ports/grpc/server.hpp"
#include "depot/internal/ports/handlers/commands.hpp"
#include "depot/internal/ports/handlers/domain_events.hpp"
#include "depot/internal/ports/handlers/integration_events.hpp"
#include "pkg/agent/blueprint.hpp"
#include "pkg/agent/host.hpp"
#include "pkg/grpc/channel.hpp"
#include "users/userspb/roles.hpp"

namespace depot::agent {
namespace {

using std::chrono::milliseconds;

constexpr const char* work_floor = "work the floor";

pkg::agent::HostSpec host_spec() {
  pkg::agent::HostSpec spec;
  spec.service = constants::service;
  spec.title = "Depot";
  spec.known_roles = mallbots::users::v1::roles();
  spec.migrations = {{"depot", migration_files()}};
  spec.channels = {std::string(constants::commands), std::string(constants::store_events), std::string(constants::order_events)};
  spec.descriptors = descriptor_files();
  return spec;
}

/// Members stand in the order of their dependence and go in reverse.
class DepotAgent final : public pkg::agent::Agent {
 public:
  DepotAgent(const pkg::agent::Process& process, const Settings& settings)
      : settings_(settings), host_(process, settings.common, host_spec()) {
    ports::handle_commands(host_.handlers(), app_, host_.replies(), host_.ids());
    ports::handle_integration_events(host_.handlers(), app_, host_.ids());
    host_.serve(ports::depot_service(app_, host_.ids()));
    host_.ticker().every(settings_.sweep_interval, work_floor, [this] { return work(); });
  }

  pkg::errors::Result<> start(std::stop_token stop) override {
    auto started = host_.start(stop);
    // What a stopped service left: lists that became due meanwhile, and a depot without bots.
    if (started) host_.ticker().wake(work_floor);
    return started;
  }
  void stop(std::chrono::steady_clock::time_point deadline) override { host_.stop(deadline); }
  pkg::agent::Ports ports() const override { return host_.ports(); }
  pkg::agent::Subscriptions subscriptions() const override { return host_.subscriptions(); }

 private:
  using NextRound = std::optional<milliseconds>;

  pkg::errors::Result<NextRound> work() {
    const auto id = host_.ids().next().to_string();
    if (!has_bots_) {
      const auto registered = app_.register_initial_bots({id, id, {}}, settings_.initial_bots, host_.ids());
      if (!registered) return pkg::errors::pass_on(registered);
      has_bots_ = true;
    }
    const auto next = app_.work_floor({id, id, {}}, {});
    if (!next) return pkg::errors::pass_on(next);
    if (!*next) return NextRound{};
    const auto wait = std::chrono::ceil<milliseconds>(**next - host_.clock().now());
    return NextRound{std::clamp(wait, milliseconds{0}, settings_.sweep_interval)};
  }

  const Settings& settings_;
  pkg::agent::Host host_;
  bool has_bots_ = false;  // of the ticker's thread
  pkg::grpc::Channel stores_channel_{{.target = settings_.stores_address}};
  adapters::grpc::StoresDirectory directory_{stores_channel_};
  adapters::pg::PgShoppingLists lists_;
  adapters::pg::PgBots bots_;
  adapters::pg::PgStoreCache stores_;
  adapters::pg::PgFloor floor_{[this] { host_.ticker().wake(work_floor); }};
  ports::PublishedShoppingListNews news_{host_.publisher()};
  app::Application app_{{host_.transactor(), lists_, bots_, stores_, directory_, news_, floor_, host_.clock(),
                         app::Pace{.robots = settings_.robots, .per_piece = settings_.pick_time_per_item}}};
};

}  // namespace

std::unique_ptr<pkg::agent::Blueprint> blueprint() {
  return pkg::agent::blueprint<DepotAgent, Settings>(constants::service, default_settings().front().bytes);
}

}  // namespace depot::agent
