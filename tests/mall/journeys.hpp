#pragma once
// The steps that tests of the whole mall are made of. Each fails the test where the mall says no.

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "cosec/cosecpb/api.pb.h"
#include "depot/depotpb/api.pb.h"
#include "notifications/notificationspb/api.pb.h"
#include "ordering/orderingpb/api.pb.h"
#include "payments/paymentspb/api.pb.h"
#include "stores/storespb/api.pb.h"
#include "tests/mall/running_mall.hpp"

namespace mall::testing {

using mallbots::cosec::v1::Saga;
using mallbots::depot::v1::ShoppingList;
using mallbots::notifications::v1::Notification;
using mallbots::ordering::v1::Order;
using mallbots::payments::v1::Invoice;
using mallbots::payments::v1::Payment;
using mallbots::stores::v1::Product;

/// `{"currency":"EUR","minorUnits":cents}`
std::string euros(std::int64_t cents);

Visitor new_shopper(const RunningMall& mall);

/// An owner with a store that participates.
struct Storekeeper {
  explicit Storekeeper(const RunningMall& mall);
  /// Gives its id. A negative stock stands for an unlimited one.
  std::string add_product(std::int64_t cents, std::int64_t stock, const std::string& name = "Tea") const;

  Visitor owner;
  std::string store;
};

using Lines = std::vector<std::pair<std::string, int>>;  ///< product, quantity

/// A basket with these in it. Gives its id.
std::string fill_basket(const Visitor& shopper, const Lines& lines);
/// A payment of the shopper's that may pay `cents`. Gives its id.
std::string authorize(const Visitor& shopper, std::int64_t cents, const std::string& method = "sandbox:approve");
/// Gives the order's id.
std::string check_out(const Visitor& shopper, const std::string& basket, const std::string& payment);

Order await_order(const Visitor& who, const std::string& order, Order::Status status,
                  std::chrono::milliseconds limit = std::chrono::seconds{20});
/// Waits until the saga has ended, in whatever state.
Saga await_end_of_saga(const Visitor& an_operator, const std::string& order, std::chrono::milliseconds limit = std::chrono::seconds{20});
/// The order's shopping list, once there is one.
ShoppingList shopping_list_of(const Visitor& an_operator, const std::string& order);
/// Its state, or UNSPECIFIED where the order has no list.
ShoppingList::Status shopping_list_status(const Visitor& an_operator, const std::string& order);

Payment::Status payment_status(const Visitor& shopper, const std::string& payment);
/// Waits until as many pieces are there (on the shelf, reserved ones included) and as many can be ordered.
void await_stock(const Visitor& who, const std::string& product, std::int64_t stock, std::int64_t available);

/// The steps of a saga in this state, in the saga's order: "reserve_stock create_shopping_list".
std::string steps_that_are(const Saga& saga, mallbots::cosec::v1::SagaStep::State state);

/// How often the shopper was told of this about the order.
int times_told(const Visitor& shopper, Notification::Kind kind, const std::string& order = {});

}  // namespace mall::testing
