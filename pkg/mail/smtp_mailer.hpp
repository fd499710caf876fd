#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "pkg/clock/clock.hpp"
#include "pkg/ids/uuid.hpp"
#include "pkg/mail/mailer.hpp"

namespace pkg::mail {

struct SmtpOptions {
  std::string url;                   ///< smtp://host:port, or smtps://host:port for TLS from the start
  std::string user = {};             ///< empty: no sign-in
  std::string password = {};         ///< a secret
  bool insist_on_tls = false;        ///< for smtp://: fail rather than send without STARTTLS
  std::chrono::milliseconds connect_within{5'000};
  std::chrono::milliseconds send_within{20'000};  ///< everything, connecting included
};

/// Delivers to one mail server, a connection per mail. TLS certificates are checked. Clock and ids must outlive it. Where there is a user,
/// TLS is insisted on unless the server is on loopback, so that a password does not travel in the clear.
std::unique_ptr<Mailer> smtp_mailer(SmtpOptions options, const clock::Clock& clock, ids::IdSource& ids);

}  // namespace pkg::mail
