#include "tests/mall/damages.hpp"

namespace mall::testing {
namespace {

const std::string fresh = "ffffffff-ffff-7fff-bfff-ffffffffffff";  ///< behind all others

std::string parked(const std::string& state, const std::string& due) {
  return "INSERT INTO parked_messages (message_id, channel, key, type, message, raw, state, attempts, why, parked_at, next_attempt_at)"
         " VALUES ('" +
         fresh + "', 'mallbots.ordering.events.Order', '{completed}', 'a.Type', '', '', '" + state + "', 1, 'why', now(), " + due +
         ") RETURNING message_id::text";
}
const std::string in_inbox = "INSERT INTO inbox (message_id) VALUES ('" + fresh + "')";

// The rejected order is not rejected yet, wherever that is written down.
std::vector<Damage::Statement> pending_again(const std::string& order_changed_at, const std::string& saga_changed_at) {
  return {{"ordering", "DELETE FROM events WHERE aggregate_id = '{rejected}' AND type = 'OrderRejected'"},
          {"ordering", "UPDATE events SET occurred_at = " + order_changed_at + " WHERE aggregate_id = '{rejected}'"},
          {"ordering", "UPDATE orders SET status = 'pending', version = version - 1, rejection_code = '' WHERE order_id = '{rejected}'"},
          {"search", "UPDATE orders SET status = 'PENDING' WHERE order_id = '{rejected}'"},
          {"notifications", "DELETE FROM notifications WHERE order_id = '{rejected}'"},
          {"cosec", "UPDATE sagas SET status = 'compensating', changed_at = " + saga_changed_at + " WHERE saga_id = '{rejected}'"}};
}

std::vector<Damage> of_orders() {
  const std::string now = "now()", later = "now() + interval '1 hour'";
  return {
      {"basket-has-order",
       {{"baskets",
         "INSERT INTO events SELECT aggregate_kind, '" + fresh +
             "', version, type, type_version, payload, occurred_at, correlation_id, causation_id FROM events WHERE aggregate_id = '{completed}'"}},
       fresh},
      {"order-has-basket", {{"baskets", "DELETE FROM events WHERE aggregate_id = '{completed}'"}}, "{completed}"},
      {"order-has-user",
       {{"users", "DELETE FROM sessions WHERE user_id = '{shopper}'"}, {"users", "DELETE FROM users WHERE user_id = '{shopper}'"}},
       "{completed}"},
      {"order-in-time", pending_again(now, later), "{rejected}"},
      {"saga-in-time", pending_again(later, now), "{rejected}"},
      {"order-ends-once",
       {{"ordering",
         "INSERT INTO events SELECT aggregate_kind, aggregate_id, version + 1, type, type_version, payload, occurred_at, correlation_id,"
         " causation_id FROM events WHERE aggregate_id = '{completed}' AND type = 'OrderCompleted'"},
        {"ordering", "UPDATE orders SET version = version + 1 WHERE order_id = '{completed}'"}},
       "{completed}"},
      {"saga-ends-with-order", {{"cosec", "UPDATE sagas SET status = 'compensated' WHERE saga_id = '{completed}'"}}, "{completed}"},
      {"saga-ends-with-order", {{"cosec", "DELETE FROM sagas WHERE saga_id = '{completed}'"}}, "{completed}"},
  };
}

std::vector<Damage> of_money() {
  return {
      {"payment-has-one-order",
       {{"payments",
         "INSERT INTO payments SELECT '" + fresh +
             "', version, status, user_id, currency, amount_minor, method, order_id, capture_minor, closed_orders, expires_at FROM payments"
             " WHERE order_id = '{completed}'"},
        {"payments",
         "INSERT INTO sandbox_ledger SELECT key || '2', '" + fresh +
             "', operation, method, currency, amount_minor, outcome, attempts, at FROM sandbox_ledger WHERE payment_id = '{payment}'"}},
       fresh},
      {"order-has-payment",
       {{"payments", "UPDATE payments SET status = 'confirmed' WHERE order_id = '{canceled}'"},
        {"payments",
         "DELETE FROM sandbox_ledger USING payments p WHERE sandbox_ledger.payment_id = p.payment_id AND p.order_id = '{canceled}'"
         " AND operation = 'release' RETURNING p.payment_id::text"}}},
      {"captured-once",
       {{"payments", "UPDATE payments SET status = 'confirmed', capture_minor = NULL WHERE order_id = '{completed}'"},
        {"payments", "DELETE FROM sandbox_ledger WHERE payment_id = '{payment}' AND operation = 'capture'"}},
       "{payment}"},
      {"order-has-invoice",
       {{"payments", "UPDATE invoices SET status = 'pending' WHERE order_id = '{completed}' RETURNING invoice_id::text"}}},
      {"invoice-adds-up",
       {{"payments", "UPDATE invoices SET amount_minor = amount_minor - 1 WHERE order_id = '{ready}' RETURNING invoice_id::text"}}},
      {"authorized-as-asked",
       {{"payments",
         "UPDATE sandbox_ledger SET amount_minor = amount_minor + 1 WHERE payment_id = '{payment}' AND operation = 'authorize'"}},
       "{payment}"},
      {"money-is-somewhere",
       {{"payments",
         "INSERT INTO sandbox_ledger (key, payment_id, operation, outcome, attempts) VALUES ('k', '{payment}', 'release', 'done', 1)"}},
       "{payment}"},
      {"money-is-somewhere",
       {{"payments",
         "INSERT INTO sandbox_ledger SELECT key || '2', payment_id, operation, method, currency, amount_minor, outcome, attempts, at"
         " FROM sandbox_ledger WHERE payment_id = '{payment}' AND operation = 'capture'"}},
       "{payment}"},
      {"gateway-is-asked",
       {{"payments",
         "INSERT INTO gateway_tasks (key, payment_id, operation, due_at, correlation_id, causation_id, traceparent)"
         " VALUES ('k', '{payment}', 'release', now(), '', '', '')"}},
       "{payment}"},
  };
}

std::vector<Damage> of_goods() {
  return {
      {"stock-adds-up", {{"stores", "UPDATE product_stock SET on_hand = on_hand + 1 WHERE product_id = '{product}'"}}, "{product}"},
      {"stock-adds-up", {{"stores", "UPDATE product_stock SET reserved = reserved + 1 WHERE product_id = '{product}'"}}, "{product}"},
      {"reservation-ends-with-order",
       {{"stores", "UPDATE reservation_lines SET quantity = quantity + 1 WHERE order_id = '{canceled}'"}},
       "{canceled}"},
      {"reservation-ends-with-order",
       {{"stores", "UPDATE reservations SET status = 'released' WHERE order_id = '{ready}'"},
        {"stores",
         "UPDATE product_stock s SET reserved = reserved - quantity FROM reservation_lines l WHERE l.order_id = '{ready}' AND"
         " l.product_id = s.product_id"}},
       "{ready}"},
      {"list-follows-order",
       {{"depot",
         "UPDATE shopping_lists SET status = 'available', bot_id = NULL, due_at = NULL WHERE order_id = '{ready}'"
         " RETURNING shopping_list_id::text"}}},
      {"list-follows-order",
       {{"depot",
         "UPDATE shopping_lists SET stops = (SELECT stops FROM shopping_lists WHERE order_id = '{completed}') WHERE order_id = '{ready}'"
         " RETURNING shopping_list_id::text"}}},
      {"bot-has-its-list",
       {{"depot", "UPDATE bots SET status = 'active' WHERE bot_id = (SELECT min(bot_id::text)::uuid FROM bots) RETURNING bot_id::text"}}},
  };
}

std::vector<Damage> of_readers() {
  return {
      {"search-knows-orders",
       {{"search", "UPDATE orders SET total_minor = total_minor + 1 WHERE order_id = '{completed}'"}},
       "{completed}"},
      {"search-knows-orders", {{"search", "DELETE FROM orders WHERE order_id = '{ready}'"}}, "{ready}"},
      {"told-once",
       {{"notifications", "DELETE FROM notifications WHERE order_id = '{ready}' AND kind = 'order_approved'"}},
       "{ready}, order_approved"},
      {"told-once",
       {{"notifications", "ALTER TABLE notifications DROP CONSTRAINT notifications_once"},
        {"notifications",
         "INSERT INTO notifications SELECT '" + fresh +
             "', user_id, kind, order_id, subject, body, created_at, read_at, delivery, tries, due_at, lease FROM notifications"
             " WHERE order_id = '{completed}' AND kind = 'order_completed'"}},
       "{completed}, order_completed"},
      // The price went up and down again: without the step in between the product is the same.
      {"streams-have-no-gaps", {{"stores", "DELETE FROM events WHERE aggregate_id = '{repriced}' AND version = 2"}}, "{repriced}"},
      {"orders-are-as-told", {{"ordering", "UPDATE orders SET rejection_code = 'other' WHERE order_id = '{rejected}'"}}, "{rejected}"},
      {"orders-are-as-told",
       {{"ordering", "UPDATE events SET type = 'Nonsense' WHERE aggregate_id = '{rejected}' AND type = 'OrderRejected'"}},
       "{rejected}"},
      {"stores-are-as-told", {{"stores", "UPDATE stores SET location = 'elsewhere' WHERE store_id = '{store}'"}}, "{store}"},
      {"products-are-as-told",
       {{"stores", "UPDATE products SET price_minor = price_minor + 1 WHERE product_id = '{product}'"}},
       "{product}"},
      {"open-baskets-are-as-told", {{"baskets", "DELETE FROM open_baskets WHERE basket_id = '{open}'"}}, "{open}"},
      {"open-baskets-are-as-told",
       {{"baskets", "UPDATE open_baskets SET touched_at = touched_at + interval '1 day' WHERE basket_id = '{open}'"}},
       "{open}"},
  };
}

/// A message that a service has not seen, though it subscribes to it.
std::vector<Damage> of_inboxes() {
  std::vector<Damage> unseen;
  for (const auto& service : RunningMall::service_names()) {
    unseen.push_back(
        {"seen-by-subscribers",
         {{service, "DELETE FROM inbox WHERE message_id = (SELECT max(message_id::text)::uuid FROM inbox) RETURNING message_id::text"}}});
  }
  return unseen;
}

std::vector<Damage> of_messages() {
  return {
      {"sent-in-time",
       {{"ordering", "UPDATE relay_state SET settled = (SELECT max(seq) - 1 FROM outbox)"},
        {"ordering", "UPDATE outbox SET created_at = created_at WHERE seq = (SELECT max(seq) FROM outbox) RETURNING key"}}},
      {"handled-once", {{"search", parked("waiting", "now() + interval '1 hour'")}}},
      {"parked-in-time", {{"search", in_inbox}, {"search", parked("waiting", "now()")}}},
      {"no-dead-letters", {{"search", in_inbox}, {"search", parked("dead", "now()")}}},
      {"none-refused",
       {{"ordering",
         "INSERT INTO outbox_dead SELECT seq, now(), channel, key, type, message FROM outbox WHERE seq = (SELECT max(seq) FROM outbox)"
         " RETURNING key"}}},
  };
}

}  // namespace

const std::vector<Damage>& damages() {
  static const std::vector<Damage> all = [] {
    std::vector<Damage> gathered;
    for (auto* group : {of_orders, of_money, of_goods, of_readers, of_messages, of_inboxes}) {
      for (auto& damage : group()) gathered.push_back(std::move(damage));
    }
    return gathered;
  }();
  return all;
}

}  // namespace mall::testing
