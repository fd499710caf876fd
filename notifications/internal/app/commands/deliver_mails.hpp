#pragma once

#include <functional>

#include "notifications/internal/app/ports.hpp"
#include "pkg/clock/clock.hpp"

namespace notifications::app {

/// One round of delivery.
struct DeliverMails {
  int limit = 20;  ///< mails in one round
  /// How long the mails of a round stay with it. Longer than half of it plus one mail may take: after half of it nothing is begun any more.
  pkg::clock::Duration lease = std::chrono::minutes{2};
  std::function<bool()> is_stopping = [] { return false; };  ///< asked before each mail; what is left is given back
};

struct Delivered {
  int leased = 0;  ///< as many as the limit means that there may be more
  int settled = 0;  ///< sent, or ended otherwise, or put off
  std::optional<pkg::errors::Error> trouble;  ///< the last thing that did not work and may later: for the log
};

/// Sends what is due. Each mail is sent outside any unit of work and marked in one of its own right afterwards: at least once. A crash
/// between the two doubles at most one mail, under the same Message-ID.
class DeliverMailsHandler {
 public:
  struct Needs {
    pkg::uow::Transactor& transactor;
    MailQueue& queue;
    Acquaintances& acquaintances;
    UserDirectory* directory;  ///< null where there is none: then only events tell addresses
    Postman& postman;
    pkg::ids::IdSource& ids;
    const pkg::clock::Clock& clock;
    domain::DeliveryPolicy policy;
  };
  explicit DeliverMailsHandler(const Needs& needs) : needs_(needs) {}

  /// A mail server that is away is not asked for each mail of a round: after a few refusals for now in a row the rest is given back.
  /// Fails as the transactor does; what was leased then is due again when the lease runs out.
  pkg::errors::Result<Delivered> operator()(const pkg::uow::Cause& cause, const DeliverMails& command) const;

 private:
  struct Round;
  pkg::errors::Result<> learn(const Round& round, const PersonFact& fact) const;
  domain::Attempt attempt(Round& round, QueuedMail& mail) const;
  pkg::errors::Result<> settle(const Round& round, const QueuedMail& mail, domain::Attempt attempt) const;
  pkg::errors::Result<> give_back(const Round& round) const;

  Needs needs_;
};

}  // namespace notifications::app
