#pragma once

#include <chrono>
#include <string>

#include "notifications/internal/domain/delivery.hpp"
#include "pkg/agent/settings.hpp"
#include "pkg/config/secret.hpp"

namespace notifications::agent {

struct Settings {
  pkg::agent::Settings common;
  std::string smtp_url;
  std::string smtp_user;
  pkg::config::Secret smtp_password;
  std::string mail_from = "mall@mallbots.example";
  std::chrono::milliseconds mail_timeout = std::chrono::seconds{8};
  std::chrono::milliseconds mail_interval = std::chrono::seconds{15};
  std::chrono::milliseconds mail_retry_after = std::chrono::seconds{15};
  std::chrono::milliseconds mail_give_up_after = std::chrono::hours{72};
  std::string users_address = "127.0.0.1:5030";
  pkg::config::Secret service_secret;

  bool sends_mail() const { return !smtp_url.empty(); }
  domain::DeliveryPolicy delivery_policy() const;

  void declare(pkg::config::Spec& spec);
};

}  // namespace notifications::agent
