#include "cosec/internal/agent/agent.hpp"

#include <algorithm>
#include <cstdlib>
#include <optional>

#include "cosec/internal/adapters/pg/saga_data_codec.hpp"
#include "cosec/internal/agent/files.hpp"
#include "cosec/internal/agent/settings.hpp"
#include "cosec/internal/app/app.hpp"
#include "cosec/internal/app/create_order_saga.hpp"
#include "cosec/internal/constants/names.hpp"
#include "cosec/internal/ports/grpc/server.hpp"
#include "cosec/internal/ports/handlers/commands.hpp"
#include "cosec/internal/ports/handlers/integration_events.hpp"
#include "pkg/agent/blueprint.hpp"
#include "pkg/agent/host.hpp"
#include "pkg/saga/coordinator.hpp"
#include "pkg/saga/timer.hpp"
#include "pkg/saga_pg/migrations.hpp"
#include "pkg/saga_pg/pg_saga_store.hpp"
#include "users/userspb/roles.hpp"

namespace cosec::agent {
namespace {

pkg::agent::HostSpec host_spec() {
  pkg::agent::HostSpec spec;
  spec.service = constants::service;
  spec.title = "Create-order saga coordinator";
  spec.known_roles = mallbots::users::v1::roles();
  spec.migrations = {{"saga", pkg::saga_pg::migration_files()}};
  spec.channels = {std::string(constants::order_events), std::string(constants::create_order_replies)};
  spec.descriptors = descriptor_files();
  return spec;
}

app::Patiences patiences(const Settings& settings) {
  return {.step = {.first = settings.step_wait,
                   .most = std::max(settings.step_wait, settings.step_wait_most),
                   .tries = settings.step_tries,
                   .alert_after = settings.alert_after},
          .compensation = {.first = settings.compensation_wait,
                           .most = std::max(settings.compensation_wait, settings.compensation_wait_most),
                           .alert_after = settings.alert_after}};
}

/// Members stand in the order of their dependence and go in reverse.
class CosecAgent final : public pkg::agent::Agent {
 public:
  CosecAgent(const pkg::agent::Process& process, const Settings& settings)
      : settings_(settings),
        host_(process, settings.common, host_spec()),
        sagas_(definitions(settings), store_, host_.outbox(), host_.clock(),
               {.source = std::string(constants::source),
                .reply_channel = std::string(constants::create_order_replies),
                .on_alert = [this](const pkg::saga::State& saga) { tell_of_alert(saga); }}) {
    ports::handle_integration_events(host_.handlers(), sagas_, adapters::pg::create_order_codec());
    host_.serve(ports::cosec_service(app_));
    host_.ticker().every(settings.housekeeping_interval, "look after sagas", [this] { return look_after_sagas(); });
  }

  pkg::errors::Result<> start(std::stop_token stop) override {
    auto started = host_.start(stop);
    if (started && !stop.stop_requested()) {
      const auto log = host_.log();
      timer_.emplace(sagas_, host_.transactor(), host_.clock(), pkg::saga::TimerOptions{.on_error = [log](const pkg::errors::Error& error) {
                       log.warn("sagas that are due could not be moved; tried again", error);
                     }});
    }
    return started;
  }

  void stop(std::chrono::steady_clock::time_point deadline) override {
    timer_.reset();
    host_.stop(deadline);
  }
  pkg::agent::Ports ports() const override { return host_.ports(); }
  pkg::agent::Subscriptions subscriptions() const override { return host_.subscriptions(); }

 private:
  using NextRound = std::optional<std::chrono::milliseconds>;

  void tell_of_alert(const pkg::saga::State& saga) const {
    if (!saga.alert) return host_.log().info("a saga that made no progress makes some again", {{"sagaId", saga.id}});
    const auto* definition = sagas_.definitions().find(saga.definition_version);
    const bool is_out = definition != nullptr && saga.in_flight;
    host_.log().error("a saga makes no progress; somebody should look",
                      {{"sagaId", saga.id},
                       {"status", pkg::saga::word(saga.status)},
                       {"step", is_out ? definition->steps[saga.in_flight->step].name : std::string()},
                       {"tries", saga.in_flight ? saga.in_flight->attempt : 0U},
                       {"failureCode", saga.failure_code},
                       {"correlationId", saga.correlation_id}});
    alerts_.add();
  }

  pkg::errors::Result<NextRound> look_after_sagas() {
    constexpr std::size_t batch = 500;
    const auto id = host_.ids().next().to_string();
    const auto alerted = app_.count_alerts({id, id, {}});
    if (!alerted) return pkg::errors::pass_on(alerted);
    alerted_.set(static_cast<double>(*alerted));
    const auto removed = app_.remove_old_sagas({id, id, {}}, settings_.sagas_kept, batch);
    if (!removed) return pkg::errors::pass_on(removed);
    return *removed < batch ? NextRound{} : NextRound{std::chrono::milliseconds{0}};
  }

  pkg::saga::Definitions definitions(const Settings& settings) const {
    auto made =
        pkg::saga::Definitions::make({app::create_order_saga(participants_, adapters::pg::create_order_codec(), patiences(settings))});
    if (!made) std::abort();  // the definition stands in the program: it is as right at every start as in the tests
    return std::move(*made);
  }

  const Settings& settings_;
  pkg::agent::Host host_;
  pkg::metrics::Counter alerts_ =
      host_.metrics().counter("mallbots_saga_alerts_total", "Alerts raised by sagas that are tried for ever without success.");
  pkg::metrics::Gauge alerted_ = host_.metrics().gauge("mallbots_sagas_alerted", "Sagas whose alert is raised now: somebody should look.");
  ports::ProtoParticipants participants_;
  pkg::saga_pg::PgSagaStore store_;
  pkg::saga::Coordinator sagas_;
  app::Application app_{host_.transactor(), store_, sagas_.definitions(), host_.clock()};
  std::optional<pkg::saga::Timer> timer_;
};

}  // namespace

std::unique_ptr<pkg::agent::Blueprint> blueprint() {
  return pkg::agent::blueprint<CosecAgent, Settings>(constants::service, default_settings().front().bytes);
}

}  // namespace cosec::agent
