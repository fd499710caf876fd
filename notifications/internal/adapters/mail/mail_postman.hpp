#pragma once

#include <string>

#include "notifications/internal/app/ports.hpp"
#include "pkg/mail/mailer.hpp"

namespace notifications::adapters::mail {

/// Hands notifications to a mailer, all from one sender.
class MailPostman final : public app::Postman {
 public:
  /// The mailer outlives this.
  MailPostman(pkg::mail::Mailer& mailer, std::string from) : mailer_(mailer), from_(std::move(from)) {}

  pkg::errors::Result<> deliver(const std::string& email, const domain::NotificationId& id, const domain::Text& text) override;

 private:
  pkg::mail::Mailer& mailer_;
  const std::string from_;
};

}  // namespace notifications::adapters::mail
