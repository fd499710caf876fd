#include "notifications/internal/agent/agent.hpp"

#include <atomic>

#include "notifications/internal/adapters/grpc/service_session.hpp"
#include "notifications/internal/adapters/grpc/users_directory.hpp"
#include "notifications/internal/adapters/mail/mail_postman.hpp"
#include "notifications/internal/adapters/pg/pg_acquaintances.hpp"
#include "notifications/internal/adapters/pg/pg_mail_queue.hpp"
#include "notifications/internal/adapters/pg/pg_notifications.hpp"
#include "notifications/internal/agent/files.hpp"
#include "notifications/internal/agent/settings.hpp"
#include "notifications/internal/app/app.hpp"
#include "notifications/internal/constants/names.hpp"
#include "notifications/internal/ports/grpc/server.hpp"
#include "notifications/internal/ports/handlers/integration_events.hpp"
#include "pkg/agent/blueprint.hpp"
#include "pkg/agent/host.hpp"
#include "pkg/grpc/channel.hpp"
#include "pkg/mail/smtp_mailer.hpp"
#include "users/userspb/roles.hpp"

namespace notifications::agent {
namespace {

using std::chrono::milliseconds;

constexpr const char* deliver_mails = "deliver mails";

pkg::agent::HostSpec host_spec() {
  pkg::agent::HostSpec spec;
  spec.service = constants::service;
  spec.title = "Notifications";
  spec.known_roles = mallbots::users::v1::roles();
  spec.migrations = {{"notifications", migration_files()}};
  spec.channels = {std::string(constants::user_events), std::string(constants::order_events), std::string(constants::invoice_events)};
  spec.descriptors = descriptor_files();
  return spec;
}

pkg::mail::SmtpOptions smtp_options(const Settings& settings) {
  return {.url = settings.smtp_url,
          .user = settings.smtp_user,
          .password = settings.smtp_password.reveal(),
          .connect_within = std::min(settings.mail_timeout, milliseconds{3'000}),
          .send_within = settings.mail_timeout};
}

/// Members stand in the order of their dependence and go in reverse.
class NotificationsAgent final : public pkg::agent::Agent {
 public:
  NotificationsAgent(const pkg::agent::Process& process, const Settings& settings)
      : settings_(settings), host_(process, settings.common, host_spec()) {
    ports::handle_integration_events(host_.handlers(), app_);
    host_.serve(ports::notifications_service(app_));
    if (settings_.sends_mail()) host_.ticker().every(settings_.mail_interval, deliver_mails, [this] { return deliver(); });
  }

  pkg::errors::Result<> start(std::stop_token stop) override {
    auto started = host_.start(stop);
    host_.ticker().wake(deliver_mails);  // a crash may have left something
    return started;
  }
  void stop(std::chrono::steady_clock::time_point deadline) override {
    stopping_ = true;
    host_.stop(deadline);
  }
  pkg::agent::Ports ports() const override { return host_.ports(); }
  pkg::agent::Subscriptions subscriptions() const override { return host_.subscriptions(); }

 private:
  using NextRound = std::optional<milliseconds>;

  pkg::errors::Result<NextRound> deliver() {
    app::DeliverMails round;
    round.is_stopping = [this] { return stopping_.load(); };
    const auto id = host_.ids().next().to_string();
    const auto delivered = deliver_mails_({id, id, {}}, round);
    if (!delivered) return pkg::errors::pass_on(delivered);
    if (delivered->settled == round.limit) return NextRound{milliseconds{0}};
    if (delivered->trouble) return std::unexpected(*delivered->trouble);
    return NextRound{};
  }

  const Settings& settings_;
  pkg::agent::Host host_;
  std::atomic<bool> stopping_ = false;
  pkg::grpc::Channel users_{{.target = settings_.users_address}};
  adapters::grpc::ServiceSession session_{users_, std::string(constants::service), settings_.service_secret, host_.clock()};
  adapters::grpc::UsersDirectory directory_{users_, [this] { return session_.token(); }};
  std::unique_ptr<pkg::mail::Mailer> mailer_ = pkg::mail::smtp_mailer(smtp_options(settings_), host_.clock(), host_.ids());
  adapters::mail::MailPostman postman_{*mailer_, settings_.mail_from};
  adapters::pg::PgNotifications notifications_{[this] { host_.ticker().wake(deliver_mails); }};
  adapters::pg::PgMailQueue queue_{[this] { host_.ticker().wake(deliver_mails); }};
  adapters::pg::PgAcquaintances acquaintances_;
  app::DeliverMailsHandler deliver_mails_{{host_.transactor(), queue_, acquaintances_,
                                           settings_.service_secret.empty() ? nullptr : &directory_, postman_, host_.ids(), host_.clock(),
                                           settings_.delivery_policy()}};
  app::Application app_{{host_.transactor(), notifications_, acquaintances_, queue_, host_.ids(), host_.clock(),
                         settings_.sends_mail() ? domain::Delivery::queued : domain::Delivery::not_sent}};
};

}  // namespace

std::unique_ptr<pkg::agent::Blueprint> blueprint() {
  return pkg::agent::blueprint<NotificationsAgent, Settings>(constants::service, default_settings().front().bytes);
}

}  // namespace notifications::agent
