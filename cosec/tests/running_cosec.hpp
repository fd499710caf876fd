#pragma once
// The real cosec service from outside: orders and replies in, commands out, calls over HTTP, everything in PostgreSQL.

#include <gtest/gtest.h>

#include "cosec/cosecpb/api.pb.h"
#include "cosec/internal/agent/agent.hpp"
#include "depot/depotpb/messages.pb.h"
#include "ordering/orderingpb/messages.pb.h"
#include "payments/paymentspb/messages.pb.h"
#include "pkg/agent/testing/neighbour.hpp"
#include "pkg/agent/testing/running_service.hpp"
#include "pkg/testing/wait.hpp"
#include "stores/storespb/messages.pb.h"
#include "users/userspb/messages.pb.h"

namespace cosec::tests {

namespace pb = mallbots::cosec::v1;
using mallbots::depot::v1::CancelShoppingList;
using mallbots::depot::v1::CreateShoppingList;
using mallbots::depot::v1::InitiateShopping;
using mallbots::ordering::v1::ApproveOrder;
using mallbots::ordering::v1::RejectOrder;
using mallbots::payments::v1::ConfirmPayment;
using mallbots::payments::v1::ReleasePayment;
using mallbots::stores::v1::ReleaseStock;
using mallbots::stores::v1::ReserveStock;
using mallbots::users::v1::AuthorizeUser;
using pkg::messaging::Message;
using pkg::testing::wait_until;
using Strings = std::vector<std::string>;
using Settings = pkg::agent::testing::RunningService::Settings;

inline std::string id(std::uint64_t n) { return pkg::ids::CountingIds::nth(n).to_string(); }
inline const std::string order = id(1);
inline const std::string list = id(41);
inline const std::string order_channel = "mallbots.ordering.events.Order";

/// The service with its neighbours.
class Cosec : public ::testing::Test {
 protected:
  explicit Cosec(Settings settings = {}) : service(agent::blueprint(), std::move(settings)) {}

  void create(const std::string& order_id) {
    mallbots::ordering::v1::OrderCreated event;
    event.set_order_id(order_id);
    event.set_user_id(id(2));
    event.set_payment_id(id(3));
    auto& item = *event.add_items();
    item.set_product_id(id(11));
    item.set_store_id(id(21));
    item.set_quantity(2);
    event.mutable_total()->set_currency("EUR");
    event.mutable_total()->set_minor_units(500);
    mall.send(mall.event(order_channel, order_id, 1, event));
  }
  void cancel(const std::string& order_id) {
    mallbots::ordering::v1::OrderCanceled event;
    event.set_order_id(order_id);
    mall.send(mall.event(order_channel, order_id, 2, event));
  }
  /// Waits for the command P about the order and has its participant say yes.
  template <class P>
  P accept(const std::string& order_id = order) {
    const auto [message, command] = mall.hear<P>(order_id);
    mall.send(mall.success(message));
    return command;
  }
  void accept_list(const std::string& order_id = order) {
    mallbots::depot::v1::CreateShoppingListReply reply;
    reply.set_shopping_list_id(list);
    mall.send(mall.success(mall.hear<CreateShoppingList>(order_id).first, reply));
  }
  template <class P>
  void refuse(const std::string& code, const std::string& order_id = order) {
    mall.send(mall.failure(mall.hear<P>(order_id).first, code, "No."));
  }
  pb::Saga saga(const std::string& order_id = order) const {
    const auto answer = service.get("/api/v1/sagas/" + order_id, operators);
    return answer.status == 200 ? answer.as<pb::Saga>() : pb::Saga{};
  }
  void await(pb::Saga::Status status, const std::string& order_id = order) const {
    wait_until([&] { return saga(order_id).status() == status; }, pb::Saga::Status_Name(status) + " of " + order_id);
  }
  Strings listed(const std::string& query) const {
    const auto response = service.get("/api/v1/sagas" + query, operators).as<pb::ListSagasResponse>();
    Strings ids;
    for (const auto& found : response.sagas()) ids.push_back(found.id());
    next_page = response.next_page_token();
    return ids;
  }
  bool metrics_say(const std::string& line) const { return service.get("/metrics").body.find(line + "\n") != std::string::npos; }
  bool has_logged(const std::string& message) const {
    for (const auto& entry : service.log().entries()) {
      if (entry.message == message) return true;
    }
    return false;
  }

  pkg::agent::testing::RunningService service;
  pkg::agent::testing::Neighbour mall{service.nats.url(),
                                      {"mallbots.users.commands", "mallbots.stores.commands", "mallbots.depot.commands",
                                       "mallbots.payments.commands", "mallbots.ordering.commands"}};
  const std::string operators = service.keys.token(id(5), {"operator"});
  mutable std::string next_page;
};

}  // namespace cosec::tests
