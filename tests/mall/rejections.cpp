#include "tests/mall/rejections.hpp"

#include <optional>

#include "baskets/basketspb/api.pb.h"
#include "pkg/testing/wait.hpp"

namespace mall::testing {
namespace {

const std::string nothing = "0190163d-8694-739b-aea5-966c26f8ad91";  // nobody's id

std::string in_quotes(const std::string& text) { return "\"" + text + "\""; }

std::string account(const std::string& username, const std::string& email, const std::string& password) {
  return R"({"username":)" + in_quotes(username) + R"(,"email":)" + in_quotes(email) + R"(,"password":)" + in_quotes(password) + "}";
}
std::string credentials(const std::string& username, const std::string& password) {
  return R"({"username":)" + in_quotes(username) + R"(,"password":)" + in_quotes(password) + "}";
}
std::string refresh(const std::string& token) { return R"({"refreshToken":)" + in_quotes(token) + "}"; }

Visitor newcomer(World& world) {
  auto who = world.mall.visitor();
  who.register_as("newcomer");
  return who;
}

Answer sign_in_with_status(World& world, const std::string& status) {
  const auto who = newcomer(world);
  world.mall.database("users").sql("UPDATE users SET status = '" + status + "' WHERE user_id = '" + who.id() + "'");
  return who.post("/sessions", credentials(who.username(), Visitor::password));
}

constexpr Rejection of_accounts[] = {
    {"users.not_your_account", 403, [](World& w) { return w.stranger.get("/users/" + w.anna.id()); }},
    {"users.no_such_user", 404, [](World& w) { return w.an_operator.get("/users/" + nothing); }},
    {"users.user_disabled", 403, [](World& w) { return sign_in_with_status(w, "disabled"); }},
    {"users.user_not_enabled", 403, [](World& w) { return sign_in_with_status(w, "registered"); }},
    {"users.username_not_allowed", 422, [](World& w) { return w.anna.post("/users", account("ab", "a@example.org", "long enough")); }},
    {"users.email_not_allowed", 422, [](World& w) { return w.anna.post("/users", account("abc", "example.org", "long enough")); }},
    {"users.password_too_short", 422, [](World& w) { return w.anna.post("/users", account("abc", "a@example.org", "too short")); }},
    {"users.password_too_long", 422,
     [](World& w) { return w.anna.post("/users", account("abc", "a@example.org", std::string(1025, 'x'))); }},
    {"users.current_password_required", 422, [](World& w) { return w.anna.ask("PATCH", "/users/me", R"({"newPassword":"long enough"})"); }},
    {"users.wrong_current_password", 403,
     [](World& w) { return w.anna.ask("PATCH", "/users/me", R"({"newPassword":"long enough","currentPassword":"another one"})"); }},
    {"users.username_taken", 409,
     [](World& w) { return w.anna.post("/users", account(w.anna.username(), w.unique("m") + "@example.org", "long enough")); }},
    {"users.email_taken", 409,
     [](World& w) { return w.anna.post("/users", account(w.unique("abc"), w.anna.username() + "@EXAMPLE.org", "long enough")); }},
    {"users.unknown_role", 422,
     [](World& w) { return w.an_operator.post("/users/" + w.anna.id() + ":grantRole", R"({"role":"emperor"})"); }},
    {"users.shopper_not_revocable", 422,
     [](World& w) { return w.an_operator.post("/users/" + w.anna.id() + ":revokeRole", R"({"role":"shopper"})"); }},
    {"users.last_operator", 409, [](World& w) { return w.an_operator.post("/users/" + w.an_operator.id() + ":disable"); }},
    {"users.too_many_failed_sign_ins", 429,
     [](World& w) {
       Answer answer;
       for (int i = 0; i < 11; ++i) answer = w.anna.post("/sessions", credentials("guessed", "not this one"));
       return answer;
     }},
    {"users.wrong_credentials", 401, [](World& w) { return w.anna.post("/sessions", credentials(w.anna.username(), "not this one")); }},
    {"users.refresh_token_unknown", 401, [](World& w) { return w.anna.post("/sessions:refresh", refresh("made up")); }},
    {"users.session_revoked", 401,
     [](World& w) {
       const auto token = w.refresh_token();
       w.anna.done("/sessions:revoke", refresh(token));
       return w.anna.post("/sessions:refresh", refresh(token));
     }},
    {"users.refresh_token_reused", 401,
     [](World& w) {
       const auto token = w.refresh_token();
       w.anna.done("/sessions:refresh", refresh(token));
       return w.anna.post("/sessions:refresh", refresh(token));
     }},
    {"users.refresh_token_expired", 401,
     [](World& w) {
       const auto who = newcomer(w);
       w.mall.database("users").sql(
           "UPDATE refresh_tokens SET expires_at = now() WHERE session_id IN (SELECT session_id FROM sessions WHERE user_id = '" +
           who.id() + "')");
       return who.post("/sessions:refresh", refresh(who.refresh_token()));
     }},
};

struct NewProduct {
  std::string name = "Cup";
  std::string description = "Blue";
  std::optional<std::string> sku = {};  ///< one of its own where none is said
  std::string currency = "EUR";
  std::string minor_units = "5";
  std::string stock = "1";
};

Answer add_product(World& w, const NewProduct& what) {
  const auto body = R"({"name":)" + in_quotes(what.name) + R"(,"description":)" + in_quotes(what.description) + R"(,"sku":)" +
                    in_quotes(what.sku.value_or(w.unique("W"))) + R"(,"price":{"currency":)" + in_quotes(what.currency) +
                    R"(,"minorUnits":)" + what.minor_units + R"(},"stock":)" + what.stock + "}";
  return w.anna.post("/stores/" + w.anna_keeps.store + "/products", body);
}

Answer change_product(World& w, const std::string& verb, const std::string& body) {
  return w.anna.post("/products/" + w.product() + ":" + verb, body);
}
std::string price(const std::string& currency, const std::string& minor_units) {
  return R"({"price":{"currency":")" + currency + R"(","minorUnits":)" + minor_units + "}}";
}
std::string letters(std::size_t count) { return std::string(count, 'x'); }

Answer open_store(World& w, const std::string& name, const std::string& location) {
  return w.anna.post("/stores", R"({"name":)" + in_quotes(name) + R"(,"location":)" + in_quotes(location) + "}");
}

std::string started(World& w) { return w.anna.done("/baskets").text("id"); }
Answer put(World& w, const std::string& basket, const std::string& product, const std::string& quantity) {
  return w.anna.post("/baskets/" + basket + "/items", R"({"productId":)" + in_quotes(product) + R"(,"quantity":)" + quantity + "}");
}
Answer check_out_for(World& w, const std::string& basket, const std::string& payment) {
  return w.anna.post("/baskets/" + basket + ":checkout", R"({"paymentId":)" + in_quotes(payment) + "}");
}

Answer check_out_at_an_old_price(World& w) {
  const auto product = w.anna_keeps.add_product(100, 5);
  const auto basket = fill_basket(w.anna, {{product, 1}});
  w.anna.done("/products/" + product + ":increasePrice", price("EUR", "150"));
  pkg::testing::wait_until(
      [&] {
        const auto seen = w.anna.see<mallbots::baskets::v1::Basket>("/baskets/" + fill_basket(w.anna, {{product, 1}}));
        return seen.total().minor_units() == 150;
      },
      "baskets to know of the new price");
  return check_out_for(w, basket, w.payment());
}

constexpr Rejection of_the_shop[] = {
    {"stores.no_such_store", 404, [](World& w) { return w.anna.get("/stores/" + nothing); }},
    {"stores.not_your_store", 403, [](World& w) { return w.rival.post("/stores/" + w.store() + ":rebrand", R"({"name":"Mine"})"); }},
    {"stores.store_name_blank", 422, [](World& w) { return open_store(w, " \\t ", "Level 1"); }},
    {"stores.store_name_too_long", 422, [](World& w) { return open_store(w, letters(201), "Level 1"); }},
    {"stores.store_location_blank", 422, [](World& w) { return open_store(w, "North", ""); }},
    {"stores.store_location_too_long", 422, [](World& w) { return open_store(w, "North", letters(201)); }},
    {"stores.no_such_product", 404, [](World& w) { return w.anna.get("/products/" + nothing); }},
    {"stores.product_removed", 409,
     [](World& w) {
       const auto product = w.anna_keeps.add_product(100, 5);
       w.anna.ask("DELETE", "/products/" + product);
       return w.anna.ask("DELETE", "/products/" + product);
     }},
    {"stores.product_name_blank", 422, [](World& w) { return add_product(w, {.name = "  "}); }},
    {"stores.product_name_too_long", 422, [](World& w) { return add_product(w, {.name = letters(201)}); }},
    {"stores.product_description_too_long", 422, [](World& w) { return add_product(w, {.description = letters(4001)}); }},
    {"stores.sku_blank", 422, [](World& w) { return add_product(w, {.sku = ""}); }},
    {"stores.sku_too_long", 422, [](World& w) { return add_product(w, {.sku = letters(65)}); }},
    {"stores.price_not_positive", 422, [](World& w) { return add_product(w, {.minor_units = "0"}); }},
    {"stores.stock_negative", 422, [](World& w) { return add_product(w, {.stock = "-1"}); }},
    {"stores.currency_mismatch", 422, [](World& w) { return change_product(w, "increasePrice", price("USD", "99999999")); }},
    {"stores.price_not_higher", 422, [](World& w) { return change_product(w, "increasePrice", price("EUR", "1")); }},
    {"stores.price_not_lower", 422, [](World& w) { return change_product(w, "decreasePrice", price("EUR", "99999999")); }},
    {"stores.sku_taken", 409,
     [](World& w) {
       add_product(w, {.sku = "TWICE"});
       return add_product(w, {.sku = "TWICE"});
     }},
    {"stores.quantity_out_of_range", 422, [](World& w) { return change_product(w, "restock", R"({"quantity":0})"); }},
    {"stores.stock_unlimited", 422,
     [](World& w) { return w.anna.post("/products/" + w.anna_keeps.add_product(1, -1) + ":restock", R"({"quantity":1})"); }},
    {"stores.stock_too_large", 422, [](World& w) { return change_product(w, "restock", R"({"quantity":9223372036854775807})"); }},

    {"baskets.no_such_basket", 404, [](World& w) { return w.anna.get("/baskets/" + nothing); }},
    {"baskets.not_your_basket", 403, [](World& w) { return w.rival.get("/baskets/" + w.basket()); }},
    {"baskets.basket_not_open", 409,
     [](World& w) {
       const auto basket = started(w);
       w.anna.done("/baskets/" + basket + ":cancel");
       return put(w, basket, w.product(), "1");
     }},
    {"baskets.quantity_out_of_range", 422, [](World& w) { return put(w, w.basket(), w.product(), "1000"); }},
    {"baskets.product_not_sold", 422, [](World& w) { return put(w, w.basket(), nothing, "1"); }},
    {"baskets.store_not_participating", 422,
     [](World& w) {
       const auto product =
           w.anna.done("/stores/" + w.store() + "/products", R"({"name":"Cup","sku":"C","price":{"currency":"EUR","minorUnits":5}})")
               .text("id");
       return put(w, w.basket(), product, "1");
     }},
    {"baskets.item_not_in_basket", 404, [](World& w) { return w.anna.ask("DELETE", "/baskets/" + w.basket() + "/items/" + nothing); }},
    {"baskets.currency_mismatch", 422, [](World& w) { return put(w, w.basket(), add_product(w, {.currency = "USD"}).text("id"), "1"); }},
    {"baskets.total_too_large", 422,
     [](World& w) { return put(w, w.basket(), w.anna_keeps.add_product(9'000'000'000'000'000'000, 5), "2"); }},
    {"baskets.basket_empty", 422, [](World& w) { return check_out_for(w, started(w), w.payment()); }},
    {"baskets.payment_required", 422, [](World& w) { return check_out_for(w, w.basket(), ""); }},
    {"baskets.price_changed", 422, [](World& w) { return check_out_at_an_old_price(w); }},

    {"ordering.no_such_order", 404, [](World& w) { return w.anna.get("/orders/" + nothing); }},
    {"ordering.not_your_order", 403, [](World& w) { return w.rival.post("/orders/" + w.order() + ":cancel"); }},
    {"ordering.order_not_cancelable", 409,
     [](World& w) {
       const auto invoice = w.anna.see<Invoice>("/invoices/" + w.invoice());
       return w.anna.post("/orders/" + invoice.order_id() + ":cancel");
     }},

    {"search.query_too_long", 400, [](World& w) { return w.anna.get("/search/products?q=" + letters(301)); }},
    {"search.no_such_order", 404, [](World& w) { return w.anna.get("/search/orders/" + nothing); }},
    {"search.not_your_order", 403, [](World& w) { return w.rival.get("/search/orders/" + w.order()); }},

    {"notifications.no_such_notification", 404, [](World& w) { return w.anna.post("/notifications/" + nothing + ":read"); }},
    {"notifications.not_your_notification", 403, [](World& w) { return w.rival.post("/notifications/" + w.notification() + ":read"); }},
};

constexpr std::int64_t total = 500;

std::string basket_of(World& w, const Visitor& who, std::int64_t stock = 10) {
  return fill_basket(who, {{w.anna_keeps.add_product(total, stock), 1}});
}

/// The invoice of an order that a payment of this method is to pay.
std::string invoice_for(World& w, const std::string& method) {
  const auto order = check_out(w.anna, basket_of(w, w.anna), authorize(w.anna, 2 * total, method));
  const auto list = w.an_operator.await<mallbots::depot::v1::ListShoppingListsResponse>(
      "/shopping-lists?orderId=" + order,
      [](const auto& seen) { return seen.shopping_lists_size() == 1 && seen.shopping_lists(0).status() == ShoppingList::ASSIGNED; },
      "the list to be assigned");
  w.an_operator.done("/shopping-lists/" + list.shopping_lists(0).id() + ":complete");
  return w.anna.await<Order>("/orders/" + order, [](const Order& seen) { return seen.has_invoice_id(); }, "the invoice").invoice_id();
}

std::string amount(const std::string& currency, const std::string& minor_units) {
  return R"("amount":{"currency":")" + currency + R"(","minorUnits":)" + minor_units + "}";
}
Answer adjust(World& w, const std::string& invoice, const std::string& to) {
  return w.an_operator.post("/invoices/" + invoice + ":adjust", "{" + to + "}");
}
Answer pay_with(World& w, const std::string& method, const std::string& minor_units = "5") {
  return w.anna.post("/payments", "{" + amount("EUR", minor_units) + R"(,"method":)" + in_quotes(method) + "}");
}

constexpr Rejection of_payments[] = {
    {"payments.no_such_payment", 404, [](World& w) { return w.anna.get("/payments/" + nothing); }},
    {"payments.not_your_payment", 403, [](World& w) { return w.rival.get("/payments/" + w.payment()); }},
    {"payments.amount_not_positive", 422, [](World& w) { return pay_with(w, "sandbox:approve", "0"); }},
    {"payments.unknown_payment_method", 422, [](World& w) { return pay_with(w, "gold"); }},
    {"payments.payment_declined", 422, [](World& w) { return pay_with(w, "sandbox:decline"); }},
    {"payments.no_such_invoice", 404, [](World& w) { return w.anna.get("/invoices/" + nothing); }},
    {"payments.not_your_invoice", 403, [](World& w) { return w.rival.post("/invoices/" + w.invoice() + ":pay"); }},
    {"payments.amount_not_positive", 422, [](World& w) { return adjust(w, w.invoice(), amount("EUR", "0")); }},
    {"payments.invoice_currency_mismatch", 422, [](World& w) { return adjust(w, w.invoice(), amount("USD", "5")); }},
    {"payments.amount_above_authorization", 422, [](World& w) { return adjust(w, w.invoice(), amount("EUR", "99999999")); }},
    {"payments.capture_failed", 422, [](World& w) { return w.anna.post("/invoices/" + invoice_for(w, "sandbox:capture-fails") + ":pay"); }},
    {"payments.invoice_payment_under_way", 409,
     [](World& w) {
       const auto invoice = invoice_for(w, "sandbox:flaky");
       EXPECT_EQ(w.anna.post("/invoices/" + invoice + ":pay").code(), "gateway_unavailable");
       return adjust(w, invoice, amount("EUR", "5"));
     }},
    {"payments.invoice_not_pending", 409,
     [](World& w) {
       const auto invoice = invoice_for(w, "sandbox:approve");
       w.an_operator.done("/invoices/" + invoice + ":cancel");
       return w.anna.post("/invoices/" + invoice + ":pay");
     }},
};

std::string new_list(World& w) {
  const auto order = check_out(w.anna, basket_of(w, w.anna), authorize(w.anna, total));
  const auto lists = w.an_operator.await<mallbots::depot::v1::ListShoppingListsResponse>(
      "/shopping-lists?orderId=" + order,
      [](const auto& seen) { return seen.shopping_lists_size() == 1 && seen.shopping_lists(0).status() != ShoppingList::PENDING; },
      "the list to be available or assigned");
  return lists.shopping_lists(0).id();
}
Answer at_list(World& w, const std::string& list, const std::string& verb, const std::string& body = "{}") {
  return w.an_operator.post("/shopping-lists/" + list + ":" + verb, body);
}
std::string bot(const std::string& id) { return R"({"botId":)" + in_quotes(id) + "}"; }
/// The mall's one bot picks the list of an order; the list of a second one waits.
std::string waiting_list(World& w) {
  w.shopping_list();
  return new_list(w);
}

constexpr Rejection in_the_depot[] = {
    {"depot.bot_name_blank", 422, [](World& w) { return w.an_operator.post("/bots", R"({"name":" "})"); }},
    {"depot.bot_name_too_long", 422, [](World& w) { return w.an_operator.post("/bots", R"({"name":)" + in_quotes(letters(61)) + "}"); }},
    {"depot.bot_name_taken", 409, [](World& w) { return w.an_operator.post("/bots", R"({"name":"bot-1"})"); }},
    {"depot.no_such_list", 404, [](World& w) { return w.an_operator.get("/shopping-lists/" + nothing); }},
    {"depot.list_not_available", 409, [](World& w) { return at_list(w, w.shopping_list(), "assign", bot(nothing)); }},
    {"depot.no_such_bot", 422, [](World& w) { return at_list(w, waiting_list(w), "assign", bot(nothing)); }},
    {"depot.bot_not_idle", 409,
     [](World& w) {
       const auto one = w.an_operator.see<mallbots::depot::v1::ListBotsResponse>("/bots").bots(0).id();
       return at_list(w, waiting_list(w), "assign", bot(one));
     }},
    {"depot.list_not_assigned", 409, [](World& w) { return at_list(w, waiting_list(w), "complete"); }},
    {"depot.shopping_list_completed", 409,
     [](World& w) {
       at_list(w, w.shopping_list(), "complete");
       return at_list(w, w.shopping_list(), "cancel");
     }},
};

using Ordered = std::pair<Visitor, std::string>;

Ordered paid_by(World& w, const std::string& payment) { return {w.anna, check_out(w.anna, basket_of(w, w.anna), payment)}; }

/// By somebody whose account is not what it was when the basket was begun.
Ordered by_somebody(World& w, const std::string& status) {
  const auto who = newcomer(w);
  const auto basket = basket_of(w, who);
  const auto payment = authorize(who, total);
  w.mall.database("users").sql("UPDATE users SET status = '" + status + "' WHERE user_id = '" + who.id() + "'");
  return {who, check_out(who, basket, payment)};
}

std::string expired_payment(World& w) {
  const auto payment = authorize(w.anna, total);
  w.mall.database("payments").sql("UPDATE payments SET expires_at = now() WHERE payment_id = '" + payment + "'");
  pkg::testing::wait_until([&] { return payment_status(w.anna, payment) == Payment::RELEASED; }, "the payment to be released");
  return payment;
}

constexpr RejectedOrder of_orders[] = {
    {"users.user_disabled", [](World& w) { return by_somebody(w, "disabled"); }},
    {"users.user_not_enabled", [](World& w) { return by_somebody(w, "registered"); }},
    {"stores.out_of_stock",
     [](World& w) -> Ordered { return {w.anna, check_out(w.anna, basket_of(w, w.anna, 0), authorize(w.anna, total))}; }},
    {"payments.no_such_payment", [](World& w) { return paid_by(w, nothing); }},
    {"payments.not_your_payment", [](World& w) { return paid_by(w, authorize(w.stranger, total)); }},
    {"payments.payment_too_small", [](World& w) { return paid_by(w, authorize(w.anna, total - 1)); }},
    {"payments.payment_currency_mismatch",
     [](World& w) {
       const auto dollars = w.anna.done("/payments", "{" + amount("USD", "99999") + R"(,"method":"sandbox:approve"})").text("id");
       return paid_by(w, dollars);
     }},
    {"payments.payment_in_use", [](World& w) { return paid_by(w, w.anna.see<Order>("/orders/" + w.order()).payment_id()); }},
    {"payments.payment_not_authorized", [](World& w) { return paid_by(w, expired_payment(w)); }},
};

constexpr Hidden nobody_sees[] = {
    {"users.service_sessions_disabled", "services sign in over gRPC alone; the mall has a secret"},
    {"stores.not_reserved", "an order is completed before its stock is reserved only where messages overtake each other"},
    {"stores.reservation_ended", "as above: a reservation after its release"},
    {"stores.reservation_empty", "no basket without items is checked out"},
    {"ordering.order_empty", "no basket without items is checked out"},
    {"ordering.order_not_pending", "only the saga approves and rejects"},
    {"ordering.order_not_ready", "only a paid invoice completes"},
    {"depot.shopping_list_canceled", "only the saga makes and initiates lists"},
    {"depot.list_empty", "no basket without items is checked out"},
    {"depot.quantity_out_of_range", "a basket's line has 999 pieces at most"},
    {"payments.order_canceled", "a cancellation that overtakes the saga"},
    {"payments.payment_not_confirmed", "an invoice is raised for a confirmed payment, and canceled with it"},
    {"payments.payment_capture_under_way", "only the saga releases payments"},
    {"payments.payment_captured", "only the saga releases payments"},
};

}  // namespace

std::span<const Rejection> rejections_of_accounts() { return of_accounts; }
std::span<const Rejection> rejections_of_the_shop() { return of_the_shop; }
std::span<const Rejection> rejections_of_payments() { return of_payments; }
std::span<const Rejection> rejections_in_the_depot() { return in_the_depot; }
std::span<const RejectedOrder> rejections_of_orders() { return of_orders; }
std::span<const Hidden> rejections_that_nobody_sees() { return nobody_sees; }

}  // namespace mall::testing
