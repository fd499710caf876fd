// What every order goes through between two services is under way for a while, and a finding after that; an order that went all its way is
// none.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mallctl/audit/rules.hpp"

namespace mallctl::audit {
namespace {

using namespace std::chrono_literals;
using ::testing::IsEmpty;

constexpr TimePoint then{1'000'000s};  ///< when the last thing happened
constexpr auto within = 60s;

Uuid nth(int n) { return *Uuid::parse("00000000-0000-7000-8000-00000000000" + std::to_string(n)); }
const Uuid id = nth(1), user = nth(2), held = nth(3), invoice = nth(4), list = nth(5), bot = nth(6), product = nth(7);

/// The books of a mall with one order, which came so far and where everybody knows it. The steps: pending approved ready completed, or
/// another end behind any of them.
Books with_order(std::vector<std::string> steps) {
  Books books;
  Order order{.user = user,
              .payment = held,
              .status = steps.back(),
              .currency = "EUR",
              .total_minor = 1000,
              .created_at = then,
              .changed_at = then};
  order.items = "tea of north x2 at 500";
  order.pieces = "tea x2";
  for (const auto& step : steps) order.history.push_back({step, then});
  const bool approved = order.was("approved"), ready = order.was("ready"), completed = order.was("completed"), undone = order.is_undone();
  if (approved) order.list = list;
  if (completed) order.invoice = invoice;
  books.orders[id] = order;
  books.users = {user};
  books.baskets = {{.id = id, .user = user, .payment = held, .currency = "EUR", .total_minor = 1000, .items = *order.items, .at = then}};
  const auto when = [&](auto is_completed, auto is_undone, auto otherwise) {
    return completed ? is_completed : undone ? is_undone : otherwise;
  };
  books.payments[held] = {
      .status = when("captured", "released", "confirmed"), .user = user, .currency = "EUR", .amount_minor = 1000, .order = id};
  if (completed) books.payments[held].capture_minor = 1000;
  books.ledger[held] = {.authorizations = 1,
                        .currency = "EUR",
                        .authorized_minor = 1000,
                        .captures = completed,
                        .captured_minor = completed ? 1000 : 0,
                        .gave_back = undone,
                        .asked_release = undone};
  if (ready) {
    books.invoices[invoice] = {.order = id,
                               .status = when("paid", "canceled", "pending"),
                               .version = when(3, 2, 1),
                               .user = user,
                               .payment = held,
                               .currency = "EUR",
                               .amount_minor = 1000,
                               .created_at = then};
  }
  books.reservations[id] = {when("committed", "released", "reserved"), "tea x2"};
  books.stock[product] = {.on_hand = when(8, 10, 10),
                          .reserved = when(0, 0, 2),
                          .received = 10,
                          .in_reservations = when(0, 0, 2),
                          .in_committed = when(2, 0, 0)};
  books.lists[id] = {list, ready ? "completed" : undone ? "canceled" : "assigned", ready || undone ? std::optional<Uuid>{} : bot, "tea x2"};
  books.bots[bot] = {ready || undone ? "idle" : "active", ready || undone ? std::optional<Uuid>{} : list};
  books.sagas[id] = {approved                     ? "completed"
                     : order.status == "canceled" ? "canceled"
                     : undone                     ? "compensated"
                                                  : "running",
                     then, false, "no step out"};
  books.search[id] = {true, order.status, user, "EUR", 1000, *order.items};
  for (const auto& step : steps) {
    if (step != "pending") books.notifications.push_back({user, "order_" + step, id, 1});
  }
  return books;
}

/// "rule: subject" of what does not fit, and whether it has to last.
std::string suspicions(const Books& books, TimePoint now, bool settled = false) {
  std::string text;
  for (const auto& rule : all_rules()) {
    Verdict verdict(now, {.within = within, .settled = settled});
    rule.check(books, verdict);
    for (const auto& one : verdict.suspicions()) text += std::string(rule.id) + (one.has_to_last ? " has to last" : "") + "\n";
  }
  return text;
}

using Steps = std::vector<std::string>;

TEST(AnOrder, IsSoundWhereverEverybodyKnowsItToBe) {
  for (const auto& steps : {Steps{"pending"}, Steps{"pending", "approved"}, Steps{"pending", "approved", "ready"},
                            Steps{"pending", "approved", "ready", "completed"}, Steps{"pending", "rejected"}, Steps{"pending", "canceled"},
                            Steps{"pending", "approved", "canceled"}, Steps{"pending", "approved", "ready", "canceled"}}) {
    EXPECT_EQ(suspicions(with_order(steps), then + 1s), "") << "at " << steps.back() << " after " << steps.size();
  }
}

TEST(AnOrder, MayWaitForABotOrItsShopperForAsLongAsThatTakesUnlessAllShouldBeOver) {
  for (const auto& steps : {Steps{"pending", "approved"}, Steps{"pending", "approved", "ready"}}) {
    EXPECT_EQ(suspicions(with_order(steps), then + 1000h), "") << steps.back();
    EXPECT_EQ(suspicions(with_order(steps), then + 1s, true), "order-in-time\n") << steps.back();
  }
  for (const auto* end : {"rejected", "canceled"}) EXPECT_EQ(suspicions(with_order({"pending", end}), then + 1s, true), "") << end;
  EXPECT_EQ(suspicions(with_order({"pending", "approved", "ready", "completed"}), then + 1s, true), "");
}

/// Somebody who does not know yet what the others know.
struct Behind {
  std::string what;
  Steps steps;
  void (*is_behind)(Books&);
  std::string rules;  ///< that find it when it stays so
};

const Steps approved{"pending", "approved"}, ready{"pending", "approved", "ready"}, completed{"pending", "approved", "ready", "completed"},
    rejected{"pending", "rejected"}, canceled{"pending", "approved", "canceled"};

const std::vector<Behind> all_behind{
    {"ordering, of the basket",
     {"pending"},
     [](Books& books) {
       const auto basket = books.baskets;
       books = {};
       books.baskets = basket;
     },
     "basket-has-order\n"},
    {"the saga, of the order", {"pending"}, [](Books& books) { books.sagas.clear(); }, "order-in-time\nsaga-ends-with-order\n"},
    {"the saga's answer", {"pending"}, [](Books&) {}, "order-in-time\nsaga-in-time\n"},
    {"the saga, of the approval", approved, [](Books& books) { books.sagas[id].status = "running"; },
     "saga-in-time\nsaga-ends-with-order\n"},
    {"payments, of the cancellation", canceled,
     [](Books& books) {
       books.payments[held].status = "confirmed";
       books.ledger[held].gave_back = books.ledger[held].asked_release = false;
     },
     "order-has-payment\n"},
    {"stores, of the cancellation", canceled,
     [](Books& books) {
       books.reservations[id].status = "reserved";
       books.stock[product].reserved = books.stock[product].in_reservations = 2;
     },
     "reservation-ends-with-order\n"},
    {"depot, of the cancellation", canceled, [](Books& books) { books.lists[id].status = "available"; }, "list-follows-order\n"},
    {"the saga, of the cancellation",
     {"pending", "canceled"},
     [](Books& books) { books.sagas[id].status = "canceling"; },
     "saga-in-time\nsaga-ends-with-order\n"},
    {"the saga, of the rejection", rejected, [](Books& books) { books.sagas[id].status = "compensating"; },
     "saga-in-time\nsaga-ends-with-order\n"},
    {"payments, of the order that is ready", ready,
     [](Books& books) {
       books.invoices.clear();
       books.notifications = {{user, "order_approved", id, 1}};
     },
     "order-has-invoice\n"},
    {"the auditor, of the capture", completed,
     [](Books& books) {
       books.payments[held].status = "confirmed";
       books.payments[held].capture_minor.reset();
       books.ledger[held].captures = 0;
     },
     "captured-once\n"},
    {"stores, of the completion", completed,
     [](Books& books) {
       books.reservations[id].status = "reserved";
       books.stock[product] = {.on_hand = 10, .reserved = 2, .received = 10, .in_reservations = 2};
     },
     "reservation-ends-with-order\n"},
    {"search, of the order", approved, [](Books& books) { books.search.clear(); }, "search-knows-orders\n"},
    {"search, of its contents", approved, [](Books& books) { books.search[id].has_contents = false; }, "search-knows-orders\n"},
    {"search, of the approval", approved, [](Books& books) { books.search[id].status = "pending"; }, "search-knows-orders\n"},
    {"the shopper, of the approval", approved, [](Books& books) { books.notifications.clear(); }, "told-once\n"},
    {"the gateway, of the release", canceled,
     [](Books& books) {
       books.ledger[held].gave_back = books.ledger[held].asked_release = false;
       books.payments[held].has_release_task = true;
       books.gateway_tasks = {{held, "release", then}};
     },
     "gateway-is-asked\n"},
    {"the event server, of a message", approved,
     [](Books& books) { books.messages.unconfirmed = {{.service = "ordering", .created_at = then}}; }, "sent-in-time\n"},
    {"a subscriber, of a message", approved, [](Books& books) { books.messages.unseen = {{.service = "ordering", .created_at = then}}; },
     "seen-by-subscribers\n"},
    {"a handler, of a message that failed", approved,
     [](Books& books) {
       books.messages.parked = {
           {.service = "search", .state = "waiting", .next_attempt_at = then, .in_inbox = true, .is_head = true, .copies = 1}};
     },
     "parked-in-time\n"},
};

TEST(SomebodyBehind, IsOnTheWayForAWhile) {
  for (const auto& behind : all_behind) {
    auto books = with_order(behind.steps);
    behind.is_behind(books);
    EXPECT_EQ(suspicions(books, then + 1s), "") << behind.what;
    EXPECT_EQ(suspicions(books, then - 1s), "") << behind.what << ": what happened while the databases were read";
    EXPECT_EQ(suspicions(books, then + within), behind.rules) << behind.what;
  }
}

/// Somebody who knows more than the order does, and nobody knows since when.
const std::vector<Behind> all_ahead{
    {"the bot has picked", approved,
     [](Books& books) {
       books.lists[id] = {list, "completed", {}, "tea x2"};
       books.bots[bot] = {"idle", {}};
     },
     "list-follows-order has to last\n"},
    {"the list was canceled", approved,
     [](Books& books) {
       books.lists[id] = {list, "canceled", {}, "tea x2"};
       books.bots[bot] = {"idle", {}};
     },
     "list-follows-order has to last\n"},
    {"the gateway is asked for the money", ready,
     [](Books& books) {
       books.payments[held].status = "capturing";
       books.invoices[invoice].status = "paying";
     },
     "captured-once has to last\n"},
    {"the money is taken", ready,
     [](Books& books) {
       books.payments[held].status = "captured";
       books.payments[held].capture_minor = 1000;
       books.ledger[held].captures = 1;
       books.ledger[held].captured_minor = 1000;
       books.invoices[invoice].status = "paid";
     },
     "captured-once has to last\norder-has-invoice has to last\n"},
    {"the invoice was canceled", ready, [](Books& books) { books.invoices[invoice].status = "canceled"; },
     "order-has-invoice has to last\n"},
};

TEST(SomebodyAhead, HasToStaySoBeforeItIsAFinding) {
  for (const auto& ahead : all_ahead) {
    auto books = with_order(ahead.steps);
    ahead.is_behind(books);
    EXPECT_EQ(suspicions(books, then + 1s), ahead.rules) << ahead.what;
  }
}

TEST(APaymentThatNobodyKnowsOf, IsGivenBackByAReleaseThatIsToCome) {
  Books books;
  books.ledger[held] = {.authorizations = 1, .currency = "EUR", .authorized_minor = 1000};
  EXPECT_EQ(suspicions(books, then), "money-is-somewhere\n");
  books.gateway_tasks = {{held, "release", then + 15min}};
  EXPECT_EQ(suspicions(books, then), "");
  EXPECT_EQ(suspicions(books, then, true), "") << "it is nobody's, and no order waits for it";
  EXPECT_EQ(suspicions(books, then + 17min), "gateway-is-asked\n");
}

}  // namespace
}  // namespace mallctl::audit
