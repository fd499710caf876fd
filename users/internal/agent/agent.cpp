#include "users/internal/agent/agent.hpp"

#include "pkg/agent/blueprint.hpp"
#include "pkg/agent/host.hpp"
#include "users/internal/adapters/auth/argon2_passwords.hpp"
#include "users/internal/adapters/auth/configured_secret.hpp"
#include "users/internal/adapters/auth/signed_tokens.hpp"
#include "users/internal/adapters/pg/pg_session_store.hpp"
#include "users/internal/adapters/pg/pg_signing_keys.hpp"
#include "users/internal/adapters/pg/pg_user_store.hpp"
#include "users/internal/agent/files.hpp"
#include "users/internal/agent/settings.hpp"
#include "users/internal/app/app.hpp"
#include "users/internal/constants/names.hpp"
#include "users/internal/ports/grpc/server.hpp"
#include "users/internal/ports/handlers/commands.hpp"
#include "users/internal/ports/handlers/domain_events.hpp"
#include "users/internal/ports/handlers/integration_events.hpp"
#include "users/userspb/roles.hpp"

namespace users::agent {
namespace {

using pkg::errors::pass_on;
using pkg::errors::Result;

pkg::agent::HostSpec host_spec(pkg::auth::KeySet::Fetch keys) {
  pkg::agent::HostSpec spec;
  spec.service = constants::service;
  spec.title = "Users";
  spec.known_roles = mallbots::users::v1::roles();
  spec.migrations = {{"users", migration_files()}};
  spec.channels = {std::string(constants::commands), std::string(constants::store_events)};
  spec.descriptors = descriptor_files();
  spec.keys = std::move(keys);
  return spec;
}

/// Sign-ins that are hashed or wait for it, so few that the others' calls always find a worker.
pkg::auth::PasswordLimits password_limits(std::size_t workers) { return {.at_once = 1, .waiting = workers > 3 ? workers - 3 : 1}; }

/// Members stand in the order of their dependence and go in reverse.
class UsersAgent final : public pkg::agent::Agent {
 public:
  UsersAgent(const pkg::agent::Process& process, const Settings& settings)
      : settings_(settings), host_(process, settings.common, host_spec([this] { return keys_.jwks(); })) {
    host_.prepare([this] { return prepare(); });
    ports::handle_integration_events(host_.handlers(), app_);
    ports::handle_commands(host_.handlers(), app_, host_.replies());
    host_.serve(ports::users_service(app_, host_.ids(), [this] { return keys_.jwks(); }));
    host_.ticker().every(std::chrono::hours{1}, "forget expired sessions", [this]() -> Result<NextRound> {
      if (auto forgotten = app_.forget_expired_sessions(new_cause()); !forgotten) return pass_on(forgotten);
      return NextRound{};
    });
  }

  Result<> start(std::stop_token stop) override { return host_.start(stop); }
  void stop(std::chrono::steady_clock::time_point deadline) override { host_.stop(deadline); }
  pkg::agent::Ports ports() const override { return host_.ports(); }
  pkg::agent::Subscriptions subscriptions() const override { return host_.subscriptions(); }

 private:
  using NextRound = std::optional<std::chrono::milliseconds>;

  pkg::uow::Cause new_cause() {
    const auto id = host_.ids().next().to_string();
    return {id, id, {}};
  }

  /// What must be in the database before anybody can sign in.
  Result<> prepare() {
    if (const auto signer = keys_.signer(); !signer) return pass_on(signer);
    if (settings_.operator_username.empty()) return {};
    const auto made = app_.ensure_operator(new_cause(), {domain::UserId::make(host_.ids()), settings_.operator_username,
                                                         settings_.operator_email, settings_.operator_password.reveal()});
    if (!made) return pass_on(made);
    return {};
  }

  const Settings& settings_;
  pkg::agent::Host host_;
  adapters::pg::PgUserStore users_;
  adapters::pg::PgSessionStore sessions_;
  adapters::pg::PgSigningKeys keys_{host_.pool()};
  adapters::auth::Argon2Passwords passwords_{password_limits(settings_.common.workers)};
  adapters::auth::SignedTokens tokens_{
      keys_, host_.clock(), {settings_.common.token_issuer, settings_.access_token_lifetime, settings_.refresh_token_lifetime}};
  adapters::auth::ConfiguredSecret service_secret_{settings_.service_secret};
  ports::PublishedUserNews news_{host_.publisher()};
  app::Application app_{{host_.transactor(), users_, sessions_, news_, passwords_, tokens_, service_secret_, host_.clock()},
                        {.enable_on_registration = settings_.enable_on_registration, .failed_sign_ins = {}}};
};

}  // namespace

std::unique_ptr<pkg::agent::Blueprint> blueprint() {
  return pkg::agent::blueprint<UsersAgent, Settings>(constants::service, default_settings().front().bytes);
}

}  // namespace users::agent
