#include "mallctl/audit/rules.hpp"

namespace mallctl::audit {
namespace {

constexpr std::chrono::hours inbox_is_kept{24 * 6};  ///< a day less than the services keep it

std::string subject_of(const OutboxRow& row) { return row.service + ", message " + row.id + " (" + row.type + " of " + row.key + ")"; }
std::string subject_of(const ParkedMessage& message) {
  return message.service + ", message " + message.id + " (" + message.type + " of " + message.key + ")";
}

void sent_in_time(const Books& books, Verdict& verdict) {
  verdict.checked(books.messages.confirmed + books.messages.unconfirmed.size());
  for (const auto& row : books.messages.unconfirmed)
    verdict.late(row.created_at, {subject_of(row), "confirmed by the event server by now", "not confirmed"});
}

void seen_by_subscribers(const Books& books, Verdict& verdict) {
  verdict.checked(books.messages.confirmed);
  for (const auto& row : books.messages.unseen)
    verdict.late(row.created_at, {subject_of(row), "handled or parked by " + row.subscriber + ", which subscribes to it", "neither"});
}

/// An inbox has an id once: what is in it was not handled twice. What is parked must be in it too, or it would come again.
void handled_once(const Books& books, Verdict& verdict) {
  verdict.checked(books.messages.confirmed);
  for (const auto& message : books.messages.parked) {
    verdict.checked();
    if (message.copies > 1) {
      verdict.wrong({subject_of(message), "parked once", "parked " + std::to_string(message.copies) + " times"});
    } else if (!message.in_inbox && verdict.now() - message.parked_at < inbox_is_kept) {
      verdict.wrong({subject_of(message), "in the inbox, as it is parked", "not there"});
    }
  }
}

/// Those behind another wait for as long as it does.
void parked_in_time(const Books& books, Verdict& verdict) {
  for (const auto& message : books.messages.parked) {
    if (message.state != "waiting") continue;
    verdict.checked();
    if (!message.is_head && !verdict.limits().settled) {
      verdict.under_way();
    } else {
      verdict.late(message.next_attempt_at, {subject_of(message), "tried again by now", "waiting: " + message.why});
    }
  }
}

void no_dead_letters(const Books& books, Verdict& verdict) {
  for (const auto& message : books.messages.parked) {
    verdict.checked();
    if (message.state == "dead") verdict.wrong({subject_of(message), "handled", "dead: " + message.why});
  }
}

void none_refused(const Books& books, Verdict& verdict) {
  verdict.checked(books.messages.refused.size());
  for (const auto& row : books.messages.refused) verdict.wrong({subject_of(row), "taken by the event server", "refused for good"});
}

}  // namespace

std::vector<Rule> rules_of_messages() {
  return {
      {"sent-in-time", "what was committed to an outbox is confirmed by the event server in time", {Page::messages}, sent_in_time},
      {"seen-by-subscribers",
       "what an outbox still keeps was seen by every service that subscribes to it",
       {Page::messages},
       seen_by_subscribers},
      {"handled-once", "no message is parked twice, or parked and not in the inbox", {Page::messages}, handled_once},
      {"parked-in-time", "a parked message is tried again when its time has come", {Page::messages}, parked_in_time},
      {"no-dead-letters", "no message was given up by its consumer", {Page::messages}, no_dead_letters},
      {"none-refused", "no message was refused by the event server for good", {Page::messages}, none_refused},
  };
}

}  // namespace mallctl::audit
