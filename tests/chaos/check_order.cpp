#include "tests/chaos/check_order.hpp"

#include <algorithm>

#include "baskets/basketspb/api.pb.h"
#include "depot/depotpb/api.pb.h"
#include "ordering/orderingpb/api.pb.h"
#include "payments/paymentspb/api.pb.h"

namespace mall::chaos {
namespace {

using mallbots::baskets::v1::Basket;
using mallbots::depot::v1::ShoppingList;
using mallbots::ordering::v1::Order;
using mallbots::payments::v1::Invoice;
using mallbots::payments::v1::Payment;

/// A cancellation that comes while the goods are picked leaves a list that is complete, with nothing to undo.
bool agrees(ShoppingList::Status list, Order::Status order) {
  if (order == Order::COMPLETED) return list == ShoppingList::COMPLETED;
  return list == ShoppingList::CANCELED || list == ShoppingList::COMPLETED;
}

class Checker {
 public:
  Checker(const OrderFacts& facts, Caller& shopper, Caller& an_operator) : facts_(facts), shopper_(shopper), operator_(an_operator) {}

  OrderCheck all() {
    if (facts_.basket.empty()) {
      check_unused_payments();
      return std::move(result_);
    }
    check_basket();
    const auto reply = see(shopper_, "ordering", "/orders/" + facts_.basket);
    if (reply.status == 404) {
      if (facts_.checked_out) complain("was checked out, and there is no such order");
      return std::move(result_);
    }
    Order order;
    if (!read_if_fine(reply, order)) return std::move(result_);
    if (!facts_.checkout_asked) complain("nobody has asked for this order");
    result_.state = Order::Status_Name(order.status());
    result_.code = order.rejection_code();
    check_contents(order);
    check_fate(order);
    check_money(order);
    check_lists(order);
    return std::move(result_);
  }

 private:
  void complain(const std::string& what) {
    result_.complaints.push_back("order " + std::to_string(facts_.number) + " (" + facts_.plan + ", " + facts_.basket + "): " + what);
  }
  Reply see(Caller& who, const std::string& service, const std::string& path) { return who.get(service, path); }
  bool read_if_fine(const Reply& reply, google::protobuf::Message& into) {
    if (reply.is_fine() && read(reply, into, shopper_.run())) return true;
    complain("cannot be looked at: " + std::to_string(reply.status) + " " + reply.body);
    return false;
  }

  void check_basket() {
    Basket basket;
    if (!read_if_fine(see(shopper_, "baskets", "/baskets/" + facts_.basket), basket)) return;
    if (basket.status() != (facts_.checked_out ? Basket::CHECKED_OUT : Basket::OPEN) && !(facts_.checkout_asked && !facts_.checked_out))
      complain("its basket is " + Basket::Status_Name(basket.status()));
    if (static_cast<std::size_t>(basket.items_size()) < facts_.items)
      complain("its basket has " + std::to_string(basket.items_size()) + " lines of the " + std::to_string(facts_.items) + " it took");
  }

  template <class Items>
  bool has_lines(const Items& items) {
    return static_cast<std::size_t>(items.size()) == facts_.lines.size() && std::ranges::all_of(facts_.lines, [&](const auto& line) {
             const auto& [product, quantity, price] = line;
             return std::ranges::any_of(items, [&, quantity = quantity, price = price, product = product](const auto& item) {
               return item.product_id() == product && item.quantity() == quantity && item.price().minor_units() == price;
             });
           });
  }

  void check_contents(const Order& order) {
    if (!has_lines(order.items())) complain("what was ordered is not what was in the basket");
    if (order.total().minor_units() != facts_.total)
      complain("its total is " + std::to_string(order.total().minor_units()) + ", not " + std::to_string(facts_.total));
    if (order.payment_id() != facts_.payment) complain("its payment is " + order.payment_id() + ", not " + facts_.payment);
    if (order.user_id() != shopper_.id()) complain("it is somebody else's");
  }

  /// What may become of it, by what was asked for and acknowledged.
  void check_fate(const Order& order) {
    const auto status = order.status();
    if (status == Order::PENDING || status == Order::APPROVED || status == Order::READY) return complain("is still " + result_.state);
    if (facts_.canceled && status != Order::CANCELED) complain("was canceled, and is " + result_.state);
    if (facts_.invoice_canceled && status != Order::CANCELED) complain("its invoice was canceled, and it is " + result_.state);
    if (facts_.paid && status != Order::COMPLETED) complain("was paid, and is " + result_.state);
    if (status == Order::CANCELED && facts_.plan != "canceled" && facts_.plan != "capture_fails") complain("nobody has canceled it");
    if (status == Order::COMPLETED && (facts_.plan == "too_small" || facts_.plan == "used_payment" || facts_.plan == "capture_fails"))
      complain("could not be paid, and is COMPLETED");
    if (status == Order::REJECTED && !may_be_rejected(order.rejection_code())) complain("was rejected as " + order.rejection_code());
  }

  bool may_be_rejected(const std::string& code) const {
    // A step that stayed without an answer while faults fell: undone as the saga promises.
    if (code == "no_reply") return true;
    if (facts_.plan == "scarce") return code == "out_of_stock";
    if (facts_.plan == "too_small") return code == "payment_too_small";
    if (facts_.plan == "used_payment") return code == "payment_in_use" || code == "payment_not_authorized";
    return false;
  }

  void check_money(const Order& order) {
    mallbots::payments::v1::ListInvoicesResponse invoices;
    if (!read_if_fine(see(shopper_, "payments", "/invoices?orderId=" + facts_.basket), invoices)) return;
    const bool completed = order.status() == Order::COMPLETED;
    if (invoices.invoices_size() > 1) complain("has " + std::to_string(invoices.invoices_size()) + " invoices");
    if (completed && invoices.invoices_size() == 0) complain("is COMPLETED without an invoice");
    for (const auto& invoice : invoices.invoices()) {
      if (invoice.status() != (completed ? Invoice::PAID : Invoice::CANCELED))
        complain("is " + result_.state + ", and its invoice is " + Invoice::Status_Name(invoice.status()));
      if (invoice.amount().minor_units() != facts_.total) complain("its invoice is for " + std::to_string(invoice.amount().minor_units()));
    }
    for (const auto& id : facts_.payments) check_payment(id, completed && id == facts_.payment);
  }

  void check_payment(const std::string& id, bool taken) {
    Payment payment;
    if (!read_if_fine(see(shopper_, "payments", "/payments/" + id), payment)) return;
    const auto status = Payment::Status_Name(payment.status());
    if (taken) {
      result_.captured_cents += payment.captured().minor_units();
      if (payment.status() != Payment::CAPTURED) complain("is COMPLETED, and its payment is " + status);
      if (payment.captured().minor_units() != facts_.total) complain("captured are " + std::to_string(payment.captured().minor_units()));
      if (payment.order_id() != facts_.basket) complain("its payment has paid " + payment.order_id());
    } else if (payment.status() != Payment::AUTHORIZED && payment.status() != Payment::RELEASED) {
      complain("is not COMPLETED, and its payment is " + status);
    }
  }

  void check_unused_payments() {
    for (const auto& id : facts_.payments) check_payment(id, false);
  }

  void check_lists(const Order& order) {
    mallbots::depot::v1::ListShoppingListsResponse lists;
    if (!read_if_fine(see(operator_, "depot", "/shopping-lists?orderId=" + facts_.basket), lists)) return;
    if (lists.shopping_lists_size() > 1) complain("has " + std::to_string(lists.shopping_lists_size()) + " shopping lists");
    if (order.status() == Order::COMPLETED && lists.shopping_lists_size() == 0) complain("is COMPLETED, and nobody picked it");
    for (const auto& list : lists.shopping_lists()) {
      if (!agrees(list.status(), order.status()))
        complain("is " + result_.state + ", and its shopping list is " + ShoppingList::Status_Name(list.status()));
    }
  }

  const OrderFacts& facts_;
  Caller& shopper_;
  Caller& operator_;
  OrderCheck result_;
};

}  // namespace

OrderCheck check_order(const OrderFacts& facts, Caller& shopper, Caller& an_operator) { return Checker(facts, shopper, an_operator).all(); }

}  // namespace mall::chaos
