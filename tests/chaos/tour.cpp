#include "tests/chaos/tour.hpp"

#include <utility>

namespace mall::chaos {

using namespace std::chrono_literals;

namespace {

const std::string password = "correct horse battery";

std::string quoted(std::string_view name, std::string_view text) { return "\"" + std::string(name) + "\":\"" + std::string(text) + "\""; }

}  // namespace

Tour::Tour(const Ports& ports, Run& run, int number)
    : ports_(ports),
      run_(run),
      number_(number),
      owner_(ports, run, "owner-" + std::to_string(number), password),
      shopper_(ports, run, "tourist-" + std::to_string(number), password),
      operator_(ports, run, MallUnderFire::operator_name, MallUnderFire::operator_password) {
  operator_.sign_in();
  owner_.sign_up();
  shopper_.sign_up();
}

void Tour::go() {
  ++round_;
  // Some bring somebody new; not all, as hashing a password costs more than the rest of the round.
  if (number_ % 4 == 0) Caller(ports_, run_, "friend-" + std::to_string(number_) + "-" + std::to_string(round_), password).sign_up();
  keep_a_store();
  fill_a_basket();
  order_and_pay_less();
  keep_an_account();
  order_and_lose_the_list();
  order_and_lose_the_invoice();
  look_around();
}

Reply Tour::settle(Caller& who, std::string_view service, std::string_view verb, std::string_view path, std::string_view body) {
  const auto since = now();
  while (true) {
    auto reply = who.ask(service, verb, path, body);
    if (reply.is_settled()) return reply;
    if (run_.is_late(since, Run::settling_limit)) {
      run_.find("the tour gets no answer from " + std::string(verb) + " " + std::string(path) + ": " + std::to_string(reply.status));
      return reply;
    }
    run_.wait(20ms);
  }
}

std::string Tour::await_id(Caller& who, std::string_view service, const std::string& path) {
  const auto since = now();
  while (!run_.is_late(since, Run::settling_limit)) {
    auto id = who.get(service, path).text("id");
    if (!id.empty()) return id;
    run_.wait(20ms);
  }
  return {};
}

bool Tour::await(Caller& who, std::string_view service, const std::string& path, std::string_view text) {
  const auto since = now();
  while (!run_.is_late(since, Run::settling_limit)) {
    const auto reply = who.get(service, path);
    if (reply.is_fine() && reply.body.find(text) != std::string::npos) return true;
    run_.wait(20ms);
  }
  return false;
}

void Tour::keep_an_account() {
  const auto session = settle(shopper_, "users", "POST", "/sessions",
                              "{" + quoted("username", shopper_.username()) + "," + quoted("password", password) + "}");
  const auto refresh = [&] {
    return shopper_.post("users", "/sessions:refresh", "{" + quoted("refreshToken", session.text("refreshToken")) + "}");
  };
  auto renewed = refresh();
  // 401: an earlier request used the token up, and its answer was lost.
  for (; !renewed.is_settled() && renewed.status != 401; renewed = refresh()) run_.wait(20ms);
  settle(shopper_, "users", "POST", "/sessions:revoke", "{" + quoted("refreshToken", renewed.text("refreshToken")) + "}");
  settle(shopper_, "users", "PATCH", "/users/me",
         "{" + quoted("email", shopper_.username() + "." + std::to_string(round_) + "@example.org") + "}");
  const auto user = "/users/" + shopper_.id();
  settle(operator_, "users", "GET", user, "");
  for (const auto* role : {":grantRole", ":revokeRole"}) settle(operator_, "users", "POST", user + role, R"({"role":"picker"})");
  for (const auto* change : {":disable", ":enable"}) settle(operator_, "users", "POST", user + change);
  shopper_.sign_in();
}

void Tour::keep_a_store() {
  const auto name = "Stall " + std::to_string(number_) + "-" + std::to_string(round_);
  store_ = settle(owner_, "stores", "POST", "/stores", "{" + quoted("name", name) + R"(,"location":"Yard"})").text("id");
  if (!await(owner_, "users", "/users/me", "\"owner\"")) return run_.find("the owner of " + store_ + " does not become one");
  owner_.sign_in();
  const auto store = "/stores/" + store_;
  for (const auto* change : {":enableParticipation", ":disableParticipation", ":enableParticipation"})
    settle(owner_, "stores", "POST", store + change);
  settle(owner_, "stores", "POST", store + ":rebrand", "{" + quoted("name", name + "!") + "}");
  product_ = add_product("S");
  const auto gone = add_product("T");
  const auto product = "/products/" + product_;
  settle(owner_, "stores", "POST", product + ":rebrand", R"({"name":"Souvenirs","description":"More of them"})");
  settle(owner_, "stores", "POST", product + ":restock", R"({"quantity":5})");
  settle(owner_, "stores", "POST", product + ":increasePrice", R"({"price":)" + euros(700) + "}");
  settle(owner_, "stores", "POST", product + ":decreasePrice", R"({"price":)" + euros(600) + "}");
  if (!gone.empty()) settle(owner_, "stores", "DELETE", "/products/" + gone, "");
}

std::string Tour::add_product(const std::string& sku) {
  const auto since = now();
  for (int number = 1; !run_.is_late(since, Run::settling_limit); ++number) {
    const auto body = R"({"name":"Souvenir","description":"","stock":1000,)" + quoted("sku", sku + "-" + std::to_string(number)) +
                      R"(,"price":)" + euros(500) + "}";
    const auto reply = settle(owner_, "stores", "POST", "/stores/" + store_ + "/products", body);
    if (reply.is_fine()) return reply.text("id");
    // Taken by an earlier request, whose answer was lost, and with it the product's id.
  }
  run_.find("the tour cannot add a product to " + store_);
  return {};
}

bool Tour::add_item(const std::string& basket, int quantity) {
  const auto since = now();
  const auto item = "{" + quoted("productId", product_) + R"(,"quantity":)" + std::to_string(quantity) + "}";
  std::string last;
  while (!run_.is_late(since, Run::settling_limit)) {
    const auto reply = settle(shopper_, "baskets", "POST", "/baskets/" + basket + "/items", item);
    if (reply.is_fine()) return true;
    last = reply.body;  // baskets hears of the store and its product by their events
    run_.wait(20ms);
  }
  run_.find("the tour cannot put " + product_ + " into a basket: " + last);
  return false;
}

void Tour::fill_a_basket() {
  const auto id = settle(shopper_, "baskets", "POST", "/baskets").text("id");
  if (!add_item(id, 2)) return;
  const auto basket = "/baskets/" + id;
  settle(shopper_, "baskets", "DELETE", basket + "/items/" + product_ + "?quantity=1", "");
  settle(owner_, "stores", "POST", "/products/" + product_ + ":increasePrice", R"({"price":)" + euros(650) + "}");
  settle(shopper_, "baskets", "POST", basket + ":reprice");
  settle(shopper_, "baskets", "GET", basket, "");
  settle(shopper_, "baskets", "POST", basket + ":cancel");
}

std::string Tour::order() {
  const auto payment =
      settle(shopper_, "payments", "POST", "/payments", R"({"method":"sandbox:approve","amount":)" + euros(5000) + "}").text("id");
  const auto basket = settle(shopper_, "baskets", "POST", "/baskets").text("id");
  bought_ = basket;
  paid_with_ = payment;
  if (!add_item(basket, 1)) return {};
  const auto check_out = [&] {
    return settle(shopper_, "baskets", "POST", "/baskets/" + basket + ":checkout", "{" + quoted("paymentId", payment) + "}");
  };
  // The price that baskets knows may be behind for a moment, and then ahead of the line's.
  const auto since = now();
  for (auto reply = check_out(); !reply.is_fine(); reply = check_out()) {
    if (reply.code() == "basket_not_open") break;  // an earlier request has had its effect
    if (run_.is_late(since, Run::settling_limit)) run_.find("the tour cannot check out: " + reply.body);
    if (run_.is_late(since, Run::settling_limit)) return {};
    settle(shopper_, "baskets", "POST", "/baskets/" + basket + ":reprice");
    run_.wait(20ms);
  }
  return basket;
}

void Tour::order_and_pay_less() {
  const auto id = order();
  if (id.empty() || !await(shopper_, "ordering", "/orders/" + id, "\"READY\"")) return;
  const auto invoice = await_id(shopper_, "payments", "/invoices?orderId=" + id);
  settle(operator_, "payments", "POST", "/invoices/" + invoice + ":adjust", R"({"amount":)" + euros(400) + "}");
  settle(shopper_, "payments", "POST", "/invoices/" + invoice + ":pay");
  settle(shopper_, "payments", "GET", "/invoices/" + invoice, "");
  await(shopper_, "ordering", "/orders/" + id, "\"COMPLETED\"");
  const auto told = settle(shopper_, "notifications", "GET", "/notifications", "").text("id");
  if (!told.empty()) settle(shopper_, "notifications", "POST", "/notifications/" + told + ":read");
}

void Tour::order_and_lose_the_list() {
  const auto id = order();
  if (id.empty()) return;
  const auto list = await_id(operator_, "depot", "/shopping-lists?orderId=" + id);
  const auto bot = settle(operator_, "depot", "POST", "/bots", "{" + quoted("name", "bot " + id) + "}").text("id");
  const auto assign = [&] {
    return settle(operator_, "depot", "POST", "/shopping-lists/" + list + ":assign", "{" + quoted("botId", bot) + "}");
  };
  // A robot takes it the moment it is available, so whoever does it by hand has to be quick.
  while (assign().code() == "list_not_available") {
    if (settle(operator_, "depot", "GET", "/shopping-lists/" + list, "").text("status") != "PENDING") break;
  }
  // Too late where the robots were quick: then it is picked, and paid.
  const auto lost = settle(operator_, "depot", "POST", "/shopping-lists/" + list + ":cancel");
  settle(operator_, "depot", "POST", "/shopping-lists/" + list + ":complete");
  settle(operator_, "depot", "GET", "/shopping-lists/" + list, "");
  if (!lost.is_fine())
    settle(shopper_, "payments", "POST", "/invoices/" + await_id(shopper_, "payments", "/invoices?orderId=" + id) + ":pay");
}

void Tour::order_and_lose_the_invoice() {
  const auto id = order();
  if (id.empty()) return;
  const auto invoice = await_id(operator_, "payments", "/invoices?orderId=" + id);
  settle(operator_, "payments", "POST", "/invoices/" + invoice + ":cancel");
}

void Tour::look_around() {
  const auto see = [&](Caller& who, std::string_view service, const std::string& path) { settle(who, service, "GET", path, ""); };
  see(shopper_, "stores", "/stores");
  see(shopper_, "stores", "/stores/" + store_);
  see(shopper_, "stores", "/stores/" + store_ + "/products");
  see(shopper_, "stores", "/products/" + product_);
  see(shopper_, "search", "/search/products?q=souvenir");
  see(shopper_, "search", "/search/orders");
  see(shopper_, "ordering", "/orders");
  see(operator_, "depot", "/bots");
  see(operator_, "cosec", "/sagas");
  see(operator_, "cosec", "/sagas/" + bought_);
  see(shopper_, "search", "/search/orders/" + bought_);
  see(shopper_, "payments", "/payments/" + paid_with_);
}

}  // namespace mall::chaos
