#include "tests/chaos/check.hpp"

#include <algorithm>
#include <set>
#include <thread>

#include "cosec/cosecpb/api.pb.h"
#include "ordering/orderingpb/api.pb.h"
#include "stores/storespb/api.pb.h"
#include "tests/chaos/check_order.hpp"

namespace mall::chaos {
namespace {

using namespace std::chrono_literals;
constexpr Millis on_its_way = 30'000;

using ByUser = std::map<std::string, std::vector<const OrderFacts*>>;

/// What the shopper's own list has: each order once, and none that nobody asked for.
std::vector<std::string> check_list(Caller& shopper, const std::vector<const OrderFacts*>& orders) {
  std::multiset<std::string> listed;
  std::string token;
  do {
    mallbots::ordering::v1::ListOrdersResponse page;
    const auto reply = shopper.must("ordering", "GET", "/orders?pageSize=100" + (token.empty() ? "" : "&pageToken=" + token));
    if (!reply.is_fine() || !read(reply, page, shopper.run())) return {"the orders of " + shopper.username() + " cannot be listed"};
    for (const auto& order : page.orders()) listed.insert(order.id());
    token = page.next_page_token();
  } while (!token.empty());
  std::vector<std::string> complaints;
  for (const auto* order : orders) {
    if (order->checked_out && listed.count(order->basket) != 1)
      complaints.push_back("order " + std::to_string(order->number) + " is listed " + std::to_string(listed.count(order->basket)) +
                           " times");
    if (order->checkout_asked) listed.erase(order->basket);
  }
  for (const auto& id : listed) complaints.push_back("nobody has asked for order " + id);
  return complaints;
}

/// Asks again until there is nothing to complain of, or for half a minute.
template <class Look>
auto look_until_fine(Run& run, Look look) {
  const auto since = now();
  auto seen = look();
  while (!seen.complaints.empty() && now() - since < on_its_way) {
    run.wait(250ms);
    seen = look();
  }
  return seen;
}

struct Looked {
  std::vector<std::string> complaints;
};

void check_user(const std::vector<const OrderFacts*>& orders, Caller& shopper, Caller& an_operator, Checked& into) {
  for (const auto* order : orders) {
    const auto seen = look_until_fine(shopper.run(), [&] { return check_order(*order, shopper, an_operator); });
    ++into.orders;
    ++into.states[seen.state.empty() ? "no order" : seen.state];
    if (!seen.code.empty()) ++into.rejections[seen.code];
    if (seen.state == "COMPLETED") into.sold_cents += order->total;
    into.captured_cents += seen.captured_cents;
    into.findings.insert(into.findings.end(), seen.complaints.begin(), seen.complaints.end());
  }
  const auto list = check_list(shopper, orders);
  into.findings.insert(into.findings.end(), list.begin(), list.end());
}

void add(Checked& all, const Checked& part) {
  all.orders += part.orders;
  for (const auto& [state, count] : part.states) all.states[state] += count;
  for (const auto& [code, count] : part.rejections) all.rejections[code] += count;
  all.sold_cents += part.sold_cents;
  all.captured_cents += part.captured_cents;
  all.findings.insert(all.findings.end(), part.findings.begin(), part.findings.end());
}

/// Every order has its final state: what was there at the start is there, or sold.
Looked check_stock(const std::map<std::string, std::int64_t>& sold, const Goods& goods, Caller& who) {
  Looked looked;
  for (const auto& product : goods.products) {
    mallbots::stores::v1::Product seen;
    const auto reply = who.get("stores", "/products/" + product.id);
    if (!reply.is_fine() || !read(reply, seen, who.run())) {
      looked.complaints.push_back("product " + product.id + " cannot be looked at: " + std::to_string(reply.status));
      continue;
    }
    if (product.stock < 0) continue;
    const auto found = sold.find(product.id);
    const auto expected = product.stock - (found == sold.end() ? 0 : found->second);
    if (seen.stock() != expected || seen.available() != expected)
      looked.complaints.push_back("product " + product.id + " has " + std::to_string(seen.stock()) + " pieces, " +
                                  std::to_string(seen.available()) + " of them to be had, not " + std::to_string(expected));
  }
  return looked;
}

/// No saga is under way when every order has its final state, and none has asked for help.
Looked check_sagas(Caller& an_operator) {
  Looked looked;
  for (const auto* status : {"RUNNING", "COMPENSATING", "CANCELING"}) {
    mallbots::cosec::v1::ListSagasResponse list;
    const auto reply = an_operator.get("cosec", std::string("/sagas?pageSize=5&status=") + status);
    if (!reply.is_fine() || !read(reply, list, an_operator.run()))
      looked.complaints.push_back("sagas cannot be listed: " + std::to_string(reply.status));
    for (const auto& saga : list.sagas()) looked.complaints.push_back("saga " + saga.id() + " is still " + status + " at " + saga.step());
  }
  return looked;
}

}  // namespace

Checked check(const std::vector<OrderFacts>& ledger, const Goods& goods, const Ports& ports, Run& run, Caller& an_operator,
              const std::string& password) {
  ByUser users;
  for (const auto& order : ledger) users[order.user].push_back(&order);
  Checked all;
  std::mutex mutex;
  auto next = users.begin();
  const auto work = [&] {
    Caller another_operator(ports, run, MallUnderFire::operator_name, MallUnderFire::operator_password);
    another_operator.sign_in();
    while (true) {
      std::unique_lock lock(mutex);
      if (next == users.end()) return;
      const auto& [name, orders] = *next++;
      lock.unlock();
      Caller shopper(ports, run, name, password);
      shopper.sign_in();
      Checked part;
      check_user(orders, shopper, another_operator, part);
      lock.lock();
      add(all, part);
    }
  };
  {
    std::vector<std::jthread> workers;
    for (int i = 0; i < 4; ++i) workers.emplace_back(work);
  }
  std::map<std::string, std::int64_t> sold;
  for (const auto& order : ledger) {
    if (order.end != "COMPLETED") continue;
    for (const auto& [product, quantity, price] : order.lines) sold[product] += quantity;
  }
  for (const auto& looked : {look_until_fine(run, [&] { return check_stock(sold, goods, an_operator); }),
                             look_until_fine(run, [&] { return check_sagas(an_operator); })})
    all.findings.insert(all.findings.end(), looked.complaints.begin(), looked.complaints.end());
  if (all.sold_cents != all.captured_cents)
    all.findings.push_back("sold for " + std::to_string(all.sold_cents) + " cents, captured " + std::to_string(all.captured_cents));
  return all;
}

}  // namespace mall::chaos
