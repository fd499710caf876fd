#include "notifications/internal/adapters/mail/mail_postman.hpp"

namespace notifications::adapters::mail {

pkg::errors::Result<> MailPostman::deliver(const std::string& email, const domain::NotificationId& id, const domain::Text& text) {
  return mailer_.send({.from = from_, .to = email, .subject = text.subject, .text = text.body, .id = id.to_string()});
}

}  // namespace notifications::adapters::mail
