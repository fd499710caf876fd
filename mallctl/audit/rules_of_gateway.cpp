// Our books against those of the payment gateway.

#include "mallctl/audit/rules.hpp"

namespace mallctl::audit {
namespace {

Ledger ledger_of(const Books& books, const Uuid& payment) {
  const auto found = books.ledger.find(payment);
  return found == books.ledger.end() ? Ledger{} : found->second;
}

void authorized_as_asked(const Books& books, Verdict& verdict) {
  for (const auto& [id, payment] : books.payments) {
    verdict.checked();
    const auto ledger = ledger_of(books, id);
    const auto expected = money(payment.amount_minor, payment.currency) + " authorized once";
    const auto found = money(ledger.authorized_minor, ledger.currency) + " authorized " + std::to_string(ledger.authorizations) + " times";
    if (ledger.authorizations != 1 || ledger.authorized_minor != payment.amount_minor || ledger.currency != payment.currency)
      verdict.wrong({named("payment", id), expected, found});
  }
}

/// Authorized money is taken, given back, or still held by somebody who will do one of the two.
void money_is_somewhere(const Books& books, Verdict& verdict) {
  for (const auto& [id, ledger] : books.ledger) {
    if (ledger.authorizations == 0) continue;
    verdict.checked();
    const auto found = books.payments.find(id);
    const auto subject = named("payment", id);
    const auto taken = "captured " + std::to_string(ledger.captures) + " times, " + money(ledger.captured_minor, ledger.currency);
    if (ledger.captures > 1 || (ledger.captures == 1 && ledger.gave_back)) {
      verdict.wrong({subject, "captured once or given back", taken + (ledger.gave_back ? ", and given back" : "")});
    } else if (found == books.payments.end()) {
      // Nobody was told of it: a crash came between, and the release that was prepared for that is to come.
      bool is_insured = ledger.asked_release;
      for (const auto& task : books.gateway_tasks) is_insured = is_insured || (task.payment == id && task.operation == "release");
      if (!is_insured || ledger.captures > 0) verdict.wrong({subject, "given back, as there is no such payment", "held"});
    } else {
      const auto& payment = found->second;
      if (payment.status == "captured" && (ledger.captures != 1 || ledger.captured_minor != payment.capture_minor)) {
        verdict.wrong({subject, "captured once, " + money(payment.capture_minor.value_or(0), payment.currency), taken});
      } else if (payment.status != "captured" && payment.status != "capturing" && ledger.captures > 0) {
        verdict.wrong({subject, "not captured, as it is " + payment.status, taken});
      } else if (payment.status == "released" && !ledger.asked_release && !payment.has_release_task) {
        verdict.wrong({subject, "given back, as it is released", "held"});
      } else if (payment.status != "released" && ledger.gave_back) {
        verdict.wrong({subject, "held, as it is " + payment.status, "given back"});
      }
    }
  }
}

void gateway_is_asked(const Books& books, Verdict& verdict) {
  for (const auto& task : books.gateway_tasks) {
    verdict.checked();
    const auto subject = named("payment", task.payment);
    if (!books.payments.contains(task.payment) && task.due_at > verdict.now()) {
      verdict.under_way();  // may be for an authorization that is just being made; is done once it is clear that it is not
    } else {
      verdict.late(task.due_at, {subject, "no " + task.operation + " left to ask the gateway for", "one that is due"});
    }
  }
}

}  // namespace

std::vector<Rule> rules_of_gateway() {
  return {
      {"authorized-as-asked", "the gateway authorized each payment once, over its amount", {Page::payments}, authorized_as_asked},
      {"money-is-somewhere",
       "what the gateway authorized was captured once, given back, or is held by a payment, as the payment says",
       {Page::payments},
       money_is_somewhere},
      {"gateway-is-asked", "what the gateway has to be asked is asked in time", {Page::payments}, gateway_is_asked},
  };
}

}  // namespace mallctl::audit
