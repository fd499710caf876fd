#pragma once

#include <string>

#include "pkg/errors/error.hpp"

namespace pkg::mail {

struct Mail {
  std::string from;     ///< an address: shop@mall.example
  std::string to;       ///< one address
  std::string subject;  ///< UTF-8, one line
  std::string text;     ///< UTF-8, lines end in \n or \r\n
  std::string id;  ///< names this mail the same in every try, so that a receiver can tell a second copy: letters, digits, "-" and ".";
                   ///< made up when empty
};

class Mailer {
 public:
  virtual ~Mailer() = default;

  /// Returns when the mail server has taken the mail over. Safe to call from many threads. Fails with
  ///   malformed    an address, the subject or the id cannot stand in a mail (mail_address_malformed, mail_subject_malformed,
  ///   mail_id_malformed) rejected     the server refuses this mail for good (mail_refused); another try is useless unavailable  the server
  ///   is away, refuses for now, or does not let us in (mail_unavailable); it may or may not have the mail
  virtual errors::Result<> send(const Mail& mail) = 0;
};

}  // namespace pkg::mail
