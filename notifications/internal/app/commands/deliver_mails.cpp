#include "notifications/internal/app/commands/deliver_mails.hpp"

namespace notifications::app {

using domain::Attempt;
using pkg::errors::Result;
using pkg::uow::UnitOfWork;

namespace {

constexpr int most_refusals_in_a_row = 3;

}  // namespace

struct DeliverMailsHandler::Round {
  const pkg::uow::Cause& cause;
  pkg::ids::Uuid lease;
  Delivered delivered{};
  int refusals_in_a_row = 0;
  bool directory_is_away = false;  ///< then the rest of the round does not wait for it, too
};

Result<Delivered> DeliverMailsHandler::operator()(const pkg::uow::Cause& cause, const DeliverMails& command) const {
  Round round{.cause = cause, .lease = needs_.ids.next()};
  const auto begun = needs_.clock.now();
  auto mails = needs_.transactor.run_for(
      cause, [&](UnitOfWork& unit) { return needs_.queue.lease(unit, round.lease, begun, begun + command.lease, command.limit); });
  if (!mails) return pkg::errors::pass_on(mails);
  round.delivered.leased = static_cast<int>(mails->size());
  for (auto& mail : *mails) {
    const bool is_late = needs_.clock.now() - begun >= command.lease / 2;
    if (is_late || command.is_stopping() || round.refusals_in_a_row >= most_refusals_in_a_row) {
      if (auto given = give_back(round); !given) return pkg::errors::pass_on(given);
      break;
    }
    if (auto settled = settle(round, mail, attempt(round, mail)); !settled) return pkg::errors::pass_on(settled);
    ++round.delivered.settled;
  }
  return round.delivered;
}

Attempt DeliverMailsHandler::attempt(Round& round, QueuedMail& mail) const {
  if (!mail.email && needs_.directory != nullptr && !round.directory_is_away) {
    const auto fact = needs_.directory->look_up(round.cause, mail.user);
    if (!fact) {
      round.delivered.trouble = fact.error();
      round.directory_is_away = true;
    } else if (!*fact) {
      return Attempt::nobody;
    } else {
      mail.email = (*fact)->email;
      if (auto learned = learn(round, **fact); !learned) round.delivered.trouble = learned.error();
    }
  }
  if (!mail.email) return Attempt::address_unknown;

  const auto delivered = needs_.postman.deliver(*mail.email, mail.id, mail.text);
  if (!delivered && pkg::errors::is_retryable(delivered.error().kind)) {
    ++round.refusals_in_a_row;
    round.delivered.trouble = delivered.error();
    return Attempt::refused_for_now;
  }
  round.refusals_in_a_row = 0;
  return delivered ? Attempt::taken : Attempt::refused_for_good;
}

Result<> DeliverMailsHandler::learn(const Round& round, const PersonFact& fact) const {
  return needs_.transactor.run(round.cause, [&](UnitOfWork& unit) -> Result<> {
    needs_.acquaintances.learn(unit, fact);
    return {};
  });
}

Result<> DeliverMailsHandler::settle(const Round& round, const QueuedMail& mail, Attempt attempt) const {
  const auto standing = domain::after(attempt, mail.waiting, needs_.clock.now(), needs_.policy);
  return needs_.transactor.run(round.cause, [&](UnitOfWork& unit) -> Result<> {
    needs_.queue.settle(unit, mail.id, round.lease, standing);
    return {};
  });
}

Result<> DeliverMailsHandler::give_back(const Round& round) const {
  const auto due = needs_.clock.now() + needs_.policy.first_wait;
  return needs_.transactor.run(round.cause, [&](UnitOfWork& unit) -> Result<> {
    needs_.queue.give_back(unit, round.lease, due);
    return {};
  });
}

}  // namespace notifications::app
