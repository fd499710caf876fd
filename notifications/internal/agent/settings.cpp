#include "notifications/internal/agent/settings.hpp"

#include <algorithm>

namespace notifications::agent {

using namespace std::chrono_literals;

domain::DeliveryPolicy Settings::delivery_policy() const {
  domain::DeliveryPolicy policy;
  policy.first_wait = mail_retry_after;
  policy.longest_wait = std::max(policy.longest_wait, policy.first_wait);
  policy.give_up_after = mail_give_up_after;
  return policy;
}

void Settings::declare(pkg::config::Spec& spec) {
  common.declare(spec);
  spec.url("SMTP_URL", smtp_url, "the mail server; without one nothing is mailed and all is read over the API only")
      .schemes({"smtp", "smtps"});
  spec.text("SMTP_USER", smtp_user, "whom to sign in as at the mail server; empty: nobody");
  spec.secret("SMTP_PASSWORD", smtp_password, "of that user");
  spec.text("MAIL_FROM", mail_from, "the address that mails are from");
  spec.duration("MAIL_TIMEOUT", mail_timeout, "how long the mail server may take for one mail").between(100ms, 30s);
  spec.duration("MAIL_INTERVAL", mail_interval, "how often mails are looked for that are to be tried again, or that a crash has left")
      .between(50ms, 1h);
  spec.duration("MAIL_RETRY_AFTER", mail_retry_after, "how long a mail that was refused for now waits at first; the wait doubles up to 1h")
      .between(10ms, 24h);
  spec.duration("MAIL_GIVE_UP_AFTER", mail_give_up_after, "for how long a mail is tried").between(1s, 24h * 30);
  spec.text("USERS_GRPC_ADDRESS", users_address, "where users serves gRPC, asked for addresses that no event has told of yet").shared();
  spec.secret("SERVICE_SECRET", service_secret, "what services sign in with at users; without it addresses come from events only").shared();
}

}  // namespace notifications::agent
