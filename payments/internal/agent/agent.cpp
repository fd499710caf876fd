#include "payments/internal/agent/agent.hpp"

#include <algorithm>

#include "payments/internal/adapters/pg/pg_gateway_tasks.hpp"
#include "payments/internal/adapters/pg/pg_invoice_store.hpp"
#include "payments/internal/adapters/pg/pg_payment_store.hpp"
#include "payments/internal/adapters/pg/sandbox_gateway.hpp"
#include "payments/internal/agent/files.hpp"
#include "payments/internal/agent/settings.hpp"
#include "payments/internal/app/app.hpp"
#include "payments/internal/constants/names.hpp"
#include "payments/internal/ports/grpc/server.hpp"
#include "payments/internal/ports/handlers/commands.hpp"
#include "payments/internal/ports/handlers/domain_events.hpp"
#include "payments/internal/ports/handlers/integration_events.hpp"
#include "pkg/agent/blueprint.hpp"
#include "pkg/agent/crew.hpp"
#include "pkg/agent/host.hpp"
#include "users/userspb/roles.hpp"

namespace payments::agent {
namespace {

using std::chrono::milliseconds;

constexpr const char* ask_gateway = "ask the gateway";

pkg::agent::HostSpec host_spec() {
  pkg::agent::HostSpec spec;
  spec.service = constants::service;
  spec.title = "Payments";
  spec.known_roles = mallbots::users::v1::roles();
  spec.migrations = {{"payments", migration_files()}};
  spec.channels = {std::string(constants::commands), std::string(constants::order_events)};
  spec.descriptors = descriptor_files();
  return spec;
}

/// Members stand in the order of their dependence and go in reverse.
class PaymentsAgent final : public pkg::agent::Agent {
 public:
  PaymentsAgent(const pkg::agent::Process& process, const Settings& settings)
      : settings_(settings), host_(process, settings.common, host_spec()) {
    ports::handle_commands(host_.handlers(), app_, host_.replies());
    ports::handle_integration_events(host_.handlers(), app_, host_.ids());
    host_.serve(ports::payments_service(app_, host_.ids()));
    host_.ticker().every(settings_.expiry_interval, "expire payments", [this] { return expire_payments(); });
    host_.ticker().every(settings_.gateway_interval, ask_gateway, [this] { return work_for_gateway(); });
  }

  pkg::errors::Result<> start(std::stop_token stop) override {
    auto started = host_.start(stop);
    host_.ticker().wake(ask_gateway);  // a crash may have left something
    return started;
  }
  void stop(std::chrono::steady_clock::time_point deadline) override { host_.stop(deadline); }
  pkg::agent::Ports ports() const override { return host_.ports(); }
  pkg::agent::Subscriptions subscriptions() const override { return host_.subscriptions(); }

 private:
  using NextRound = std::optional<milliseconds>;

  pkg::errors::Result<NextRound> expire_payments() {
    constexpr int batch = 100;
    const auto id = host_.ids().next().to_string();
    const auto seen = app_.expire_payments({id, id, {}}, batch);
    if (!seen) return pkg::errors::pass_on(seen);
    return *seen < batch ? NextRound{} : NextRound{milliseconds{0}};
  }

  pkg::errors::Result<NextRound> work_for_gateway() {
    // Some for each, so that those who are done first do not wait for the last.
    const int batch = 4 * static_cast<int>(settings_.gateway_at_once);
    const auto round = app_.work_for_gateway(batch, [this](std::size_t count, const auto& work) { crew_.do_each(count, work); });
    if (!round) return pkg::errors::pass_on(round);
    if (!round->next_due) return NextRound{};
    return NextRound{std::min(until(*round->next_due), settings_.gateway_interval)};
  }

  milliseconds until(pkg::clock::TimePoint due) const {
    return std::max(std::chrono::ceil<milliseconds>(due - host_.clock().now()), milliseconds{0});
  }

  const Settings& settings_;
  pkg::agent::Host host_;
  adapters::pg::PgPaymentStore payments_;
  adapters::pg::PgInvoiceStore invoices_;
  adapters::pg::PgGatewayTasks tasks_{[this](pkg::clock::TimePoint due) { host_.ticker().wake(ask_gateway, until(due)); }};
  pkg::agent::Crew crew_{settings_.gateway_at_once, ask_gateway};
  adapters::pg::SandboxGateway gateway_{host_.pool(), settings_.sandbox_flaky_failures};
  ports::PublishedPaymentNews payment_news_{host_.publisher()};
  ports::PublishedInvoiceNews invoice_news_{host_.publisher()};
  app::Application app_{{host_.transactor(), payments_, invoices_, tasks_, gateway_, payment_news_, invoice_news_, host_.clock()},
                        {settings_.authorization_lifetime, settings_.auto_capture}};
};

}  // namespace

std::unique_ptr<pkg::agent::Blueprint> blueprint() {
  return pkg::agent::blueprint<PaymentsAgent, Settings>(constants::service, default_settings().front().bytes);
}

}  // namespace payments::agent
