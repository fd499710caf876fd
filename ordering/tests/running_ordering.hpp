#pragma once
// The real ordering service, and the others who talk to it: what the black-box tests share.

#include <gtest/gtest.h>

#include <string>

#include "baskets/basketspb/messages.pb.h"
#include "depot/depotpb/messages.pb.h"
#include "ordering/internal/agent/agent.hpp"
#include "ordering/orderingpb/messages.pb.h"
#include "payments/paymentspb/messages.pb.h"
#include "pkg/agent/testing/neighbour.hpp"
#include "pkg/agent/testing/running_service.hpp"
#include "pkg/testing/wait.hpp"

namespace ordering::tests {

namespace pb = mallbots::ordering::v1;
using mallbots::payments::v1::InvoiceCanceled;
using mallbots::payments::v1::InvoiceCreated;
using mallbots::payments::v1::InvoicePaid;
using pkg::agent::testing::HttpAnswer;

inline std::string nth(std::uint64_t n) { return pkg::ids::CountingIds::nth(n).to_string(); }

class RunningOrdering : public ::testing::Test {
 protected:
  static constexpr auto replies = "mallbots.cosec.replies.CreateOrder";

  pkg::agent::testing::RunningService service{agent::blueprint()};
  pkg::agent::testing::Neighbour mall{service.nats.url(), {"mallbots.ordering.events.Order", replies}};
  const std::string ann = nth(101), bob = nth(102);
  const std::string list = nth(141), invoice = nth(151), card = nth(131);
  const std::string anns = service.keys.token(ann, {"shopper"});
  const std::string bobs = service.keys.token(bob, {"shopper"});
  const std::string operators = service.keys.token(nth(103), {"operator"});

  // What the others say.
  void tell_of_checkout(const std::string& order) {
    mallbots::baskets::v1::BasketCheckedOut event;
    event.set_basket_id(order);
    event.set_user_id(ann);
    event.set_payment_id(card);
    auto& item = *event.add_items();
    item.set_product_id(nth(111));
    item.set_store_id(nth(121));
    item.set_product_name("Tea");
    item.set_store_name("North");
    item.mutable_price()->set_currency("EUR");
    item.mutable_price()->set_minor_units(250);
    item.set_quantity(2);
    event.mutable_total()->set_currency("EUR");
    event.mutable_total()->set_minor_units(500);
    mall.send(mall.event("mallbots.baskets.events.Basket", order, 3, event));
  }
  void tell_of_picking(const std::string& order) { tell_of_list<mallbots::depot::v1::ShoppingListCompleted>(order); }
  void tell_of_canceled_list(const std::string& order) { tell_of_list<mallbots::depot::v1::ShoppingListCanceled>(order); }
  template <class P>
  void tell_of_list(const std::string& order) {
    P event;
    event.set_shopping_list_id(list);
    event.set_order_id(order);
    mall.send(mall.event("mallbots.depot.events.ShoppingList", list, 4, event));
  }
  template <class P>
  void tell_of_invoice(const std::string& order, std::uint64_t version = 1) {
    P event;
    event.set_invoice_id(invoice);
    event.set_order_id(order);
    mall.send(mall.event("mallbots.payments.events.Invoice", invoice, version, event));
  }
  pkg::messaging::Message approval(const std::string& order) {
    pb::ApproveOrder command;
    command.set_order_id(order);
    command.set_shopping_list_id(list);
    return mall.command("mallbots.ordering.commands", order, replies, command);
  }
  pkg::messaging::Message rejection(const std::string& order) {
    pb::RejectOrder command;
    command.set_order_id(order);
    command.set_code("out_of_stock");
    command.set_reason("No tea left.");
    return mall.command("mallbots.ordering.commands", order, replies, command);
  }

  // The same, until it has had its effect.
  std::string reply_to(const pkg::messaging::Message& command) { return mall.reply_to(mall.send(command)); }
  void check_out(const std::string& order) {
    tell_of_checkout(order);
    mall.hear<pb::OrderCreated>(order);
  }
  void approve(const std::string& order) { ASSERT_EQ(reply_to(approval(order)), "success"); }
  void reject(const std::string& order) { ASSERT_EQ(reply_to(rejection(order)), "success"); }
  void make_ready(const std::string& order) {
    tell_of_picking(order);
    mall.hear<pb::OrderReadied>(order);
  }
  void complete(const std::string& order) {
    tell_of_invoice<InvoicePaid>(order, 2);
    mall.hear<pb::OrderCompleted>(order);
  }

  // What people ask for.
  static std::string path_of(const std::string& order) { return "/api/v1/orders/" + order; }
  HttpAnswer get(const std::string& order, const std::string& token) { return service.ask("GET", path_of(order), token); }
  HttpAnswer get(const std::string& order) { return get(order, anns); }
  HttpAnswer cancel(const std::string& order, const std::string& token, const std::string& headers = {}) {
    return service.ask("POST", path_of(order) + ":cancel", token, "{}", headers);
  }
  HttpAnswer list_orders(const std::string& token, const std::string& query = {}) {
    return service.ask("GET", "/api/v1/orders" + query, token);
  }

  /// Waits until a message of the type P has been handled with that outcome: "parked", "queued", "doubled".
  template <class P>
  void await_outcome(const std::string& outcome) {
    const auto type = "type=\"" + std::string(P::descriptor()->full_name()) + "\"";
    const auto wanted = "outcome=\"" + outcome + "\"";
    pkg::testing::wait_until(
        [&] {
          const auto text = service.ask("GET", "/metrics").body;
          for (std::size_t at = text.find(type); at != std::string::npos; at = text.find(type, at + 1)) {
            const auto from = text.rfind('\n', at) + 1;
            if (text.substr(from, text.find('\n', at) - from).find(wanted) != std::string::npos) return true;
          }
          return false;
        },
        type + " " + wanted);
  }
};

}  // namespace ordering::tests
