#pragma once
// A mail as RFC 5322 text: pure functions.

#include <string>
#include <string_view>

#include "pkg/clock/clock.hpp"
#include "pkg/errors/error.hpp"
#include "pkg/mail/mailer.hpp"

namespace pkg::mail {

/// Nothing that could end a header or an SMTP command passes: no control characters, no blanks, no angle brackets.
errors::Result<> check(const Mail& mail);

/// Headers and body with CRLF line ends; the body as quoted-printable (RFC 2045), so that every server takes it. The mail must have
/// passed check() and have an id.
std::string render(const Mail& mail, clock::TimePoint now);

/// RFC 2047: as it is when printable ASCII, else encoded words.
std::string encode_header(std::string_view text);

std::string quoted_printable(std::string_view text);

/// "Tue, 14 Nov 2023 22:13:20 +0000"
std::string rfc5322_date(clock::TimePoint time);

}  // namespace pkg::mail
