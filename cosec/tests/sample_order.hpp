#pragma once
// An order, its saga, and somebody who drives it.

#include <chrono>
#include <string>
#include <vector>

#include "cosec/internal/adapters/pg/saga_data_codec.hpp"
#include "cosec/internal/app/create_order_saga.hpp"
#include "cosec/internal/ports/handlers/commands.hpp"
#include "depot/depotpb/messages.pb.h"
#include "pkg/ids/id_sources.hpp"
#include "pkg/saga_engine/testing/drive.hpp"

namespace cosec::tests {

using Strings = std::vector<std::string>;

template <class Id>
Id id(std::uint64_t n) {
  return Id{pkg::ids::CountingIds::nth(n)};
}

inline domain::CreateOrder sample_order(std::uint64_t order = 1) {
  return {.order = id<domain::OrderId>(order),
          .user = id<domain::UserId>(2),
          .payment = id<domain::PaymentId>(3),
          .items = {{id<domain::ProductId>(11), id<domain::StoreId>(21), "Tea", "North", 2},
                    {id<domain::ProductId>(12), id<domain::StoreId>(22), "Süßes", "South", 999}},
          .total = pkg::money::Money{*pkg::money::Currency::parse("EUR"), 12'345},
          .shopping_list = {}};
}

/// depot's answer to CreateShoppingList.
inline std::string list_reply() {
  mallbots::depot::v1::CreateShoppingListReply reply;
  reply.set_shopping_list_id(id<domain::ShoppingListId>(41).to_string());
  return reply.SerializeAsString();
}

inline const ports::ProtoParticipants participants;

/// Steps are waited for 5, 10 and 20 s and then given up; compensations 1, 2, 4, 8, 8 … s. Alerts after the fourth try.
inline pkg::saga::Definition create_order() {
  using std::chrono::seconds;
  return app::create_order_saga(participants, adapters::pg::create_order_codec(),
                                {.step = {.first = seconds{5}, .most = seconds{60}, .tries = 3, .alert_after = 4},
                                 .compensation = {.first = seconds{1}, .most = seconds{8}, .alert_after = 4}});
}

/// A saga of the sample order. What was sent reads "step>" forward and "<step" backwards.
class OrderSaga : public pkg::saga::testing::Drive {
 public:
  OrderSaga() : Drive(create_order()) {}
  std::string start() { return give(pkg::saga::Started{adapters::pg::create_order_codec().encode(sample_order()), "corr", "trace"}); }
  std::string ok() { return Drive::ok(list_reply()); }
  /// Starts it and has every step succeed before `step`, whose command is then out.
  void reach(const std::string& step) {
    auto sent = start();
    while (!sent.empty() && sent != step + ">") sent = ok();
  }
  /// What follows on `sent` if everything succeeds, `sent` included.
  Strings on(std::string sent) {
    Strings all;
    for (; !sent.empty() && all.size() < 20; sent = ok()) all.push_back(sent);
    return all;
  }
};

}  // namespace cosec::tests
