// The use cases of ordering on fakes: what is stored, shown and told.

#include "ordering/internal/app/app.hpp"

#include <gtest/gtest.h>

#include <type_traits>

#include "ordering/tests/fakes.hpp"
#include "ordering/tests/port_contracts.hpp"
#include "pkg/es/memory_event_store.hpp"

namespace ordering::tests {
namespace {

using namespace std::chrono_literals;
using Status = domain::OrderStatus;

static_assert(!std::is_copy_constructible_v<app::Application> && !std::is_copy_assignable_v<app::Application>,
              "a copy's handlers would refer into the original");

struct MemoryPorts {
  pkg::uow::Transactor& transactor() { return transactor_; }
  app::OrderStore& orders() { return orders_; }
  app::OrderBook& book() { return book_; }

 private:
  pkg::uow::MemoryTransactor transactor_;
  pkg::es::MemoryEventStore<domain::Order> orders_;
  MemoryOrderBook book_;
};
INSTANTIATE_TYPED_TEST_SUITE_P(Memory, PortContract, MemoryPorts);

template <class Id>
Id id(std::uint64_t n) {
  return Id{pkg::ids::CountingIds::nth(n)};
}

class Orders : public ::testing::Test {
 protected:
  pkg::clock::ManualClock clock;
  pkg::uow::MemoryTransactor transactor;
  pkg::es::MemoryEventStore<domain::Order> store;
  MemoryOrderBook book;
  RecordedNews news;
  app::Application app{{transactor, store, book, news, clock}};

  const pkg::uow::Cause cause{"correlation", "request", ""};
  const domain::OrderId order = id<domain::OrderId>(1);
  const domain::UserId ann = id<domain::UserId>(2);
  const domain::Actor by_ann{ann};
  const domain::Actor by_bob{id<domain::UserId>(3)};
  const domain::Actor by_operator{id<domain::UserId>(4), true};
  const domain::ShoppingListId list = id<domain::ShoppingListId>(41);
  const domain::InvoiceId invoice = id<domain::InvoiceId>(51);
  const pkg::money::Money total{*pkg::money::Currency::parse("EUR"), 500};
  const domain::OrderItem tea{id<domain::ProductId>(11), id<domain::StoreId>(21), "Tea", "North", total, 1};
  const domain::PaymentId card = id<domain::PaymentId>(31);

  template <class F>
  app::Changed in_unit(F use_case) {
    return transactor.run_for(cause, [&](pkg::uow::UnitOfWork& unit) { return use_case(unit); });
  }
  // What messages say, each in a unit of its own.
  app::Changed create(const domain::OrderId& which, const domain::UserId& user) {
    return in_unit([&](auto& unit) { return app.create_order(unit, {which, user, card, {tea}, total}); });
  }
  app::Changed create() { return create(order, ann); }
  app::Changed approve() {
    return in_unit([&](auto& unit) { return app.approve_order(unit, {order, list}); });
  }
  app::Changed reject() {
    return in_unit([&](auto& unit) { return app.reject_order(unit, {order, "out_of_stock", "No tea left."}); });
  }
  app::Changed ready() {
    return in_unit([&](auto& unit) { return app.ready_order(unit, {order}); });
  }
  app::Changed complete() {
    return in_unit([&](auto& unit) { return app.complete_order(unit, {order, invoice}); });
  }
  app::Changed cancel_unpicked() {
    return in_unit([&](auto& unit) { return app.cancel_unpicked_order(unit, {order}); });
  }
  app::Changed cancel_unpaid() {
    return in_unit([&](auto& unit) { return app.cancel_unpaid_order(unit, {order}); });
  }
  app::Changed cancel(const domain::Actor& by, std::optional<pkg::es::Version> if_version = {}) {
    return app.cancel_order(cause, {order, by, if_version});
  }
  pkg::errors::Result<> note_invoice() {
    return transactor.run(cause, [&](pkg::uow::UnitOfWork& unit) -> pkg::errors::Result<> {
      app.note_invoice(unit, order, invoice);
      return {};
    });
  }
  /// By the shortest way.
  void bring_to(Status status) {
    std::vector<app::Changed> steps;
    if (status != Status::none) steps.push_back(create());
    if (status == Status::rejected) steps.push_back(reject());
    if (status == Status::canceled) steps.push_back(cancel(by_ann));
    if (status == Status::approved || status == Status::ready || status == Status::completed) steps.push_back(approve());
    if (status == Status::ready || status == Status::completed) steps.push_back(ready());
    if (status == Status::completed) steps.push_back(complete());
    for (const auto& step : steps) ASSERT_TRUE(step) << step.error().detail;
  }
  app::OrderView shown() { return app.get_order(cause, {order, by_operator}).value(); }
  /// Of the failure; empty where there is none.
  template <class T>
  static std::string code(const pkg::errors::Result<T>& done) {
    return done ? "" : done.error().code;
  }
  std::vector<domain::OrderEvent> told() const {
    std::vector<domain::OrderEvent> events;
    for (std::size_t i = 0; i < news.told.size(); ++i) {
      EXPECT_EQ(news.told[i].version, i + 1);
      events.push_back(news.told[i].event);
    }
    return events;
  }
};

TEST_F(Orders, ACheckedOutBasketBecomesAPendingOrderThatIsTold) {
  const auto made = create();
  ASSERT_TRUE(made) << made.error().detail;
  EXPECT_EQ(made->version, 1u);
  EXPECT_EQ(told(), (std::vector<domain::OrderEvent>{domain::OrderCreated{ann, card, {tea}, total, clock.now()}}));
  EXPECT_EQ(shown().status, Status::pending);
  EXPECT_EQ(shown().items, std::vector{tea});
}

TEST_F(Orders, ABasketWithoutItemsBecomesNoOrder) {
  const auto refused = in_unit([&](auto& unit) { return app.create_order(unit, {order, ann, card, {}, total}); });
  EXPECT_EQ(code(refused), "order_empty");
  EXPECT_TRUE(news.told.empty());
  EXPECT_EQ(code(app.get_order(cause, {order, by_ann})), "no_such_order");
}

TEST_F(Orders, EveryMessageMayComeTwiceAndIsToldOnce) {
  const std::vector<std::function<app::Changed()>> messages{[this] { return create(); }, [this] { return approve(); },
                                                            [this] { return ready(); }, [this] { return complete(); }};
  for (std::size_t step = 0; step < messages.size(); ++step) {
    ASSERT_TRUE(messages[step]());
    clock.advance(1min);
    for (std::size_t again = 0; again <= step; ++again) {
      const auto doubled = messages[again]();
      ASSERT_TRUE(doubled) << "message " << again << " after step " << step << ": " << doubled.error().detail;
      EXPECT_EQ(doubled->version, step + 1);
    }
    EXPECT_EQ(news.told.size(), step + 1);
    EXPECT_EQ(shown().history.size(), step + 1);
    EXPECT_EQ(shown().version, step + 1);
  }
}

TEST_F(Orders, ADoubledRejectionIsToldOnceAndKeepsItsFirstReason) {
  bring_to(Status::rejected);
  ASSERT_TRUE(in_unit([&](auto& unit) { return app.reject_order(unit, {order, "user_disabled", "Later."}); }));
  EXPECT_EQ(news.told.size(), 2u);
  EXPECT_EQ(shown().rejection_code, "out_of_stock");
  EXPECT_EQ(shown().history.back().detail, "No tea left.");
}

TEST_F(Orders, ARejectionThatComesAfterTheCancellationIsFineAndAnApprovalIsNot) {
  bring_to(Status::canceled);
  EXPECT_TRUE(reject());
  EXPECT_EQ(code(approve()), "order_not_pending");
  EXPECT_EQ(shown().status, Status::canceled);
  EXPECT_EQ(news.told.size(), 2u);
}

TEST_F(Orders, NothingIsDoneToAnOrderThatIsNotKnown) {
  for (const auto& changed : {approve(), reject(), ready(), complete(), cancel_unpicked(), cancel_unpaid(), cancel(by_operator)}) {
    EXPECT_EQ(code(changed), "no_such_order");
  }
  EXPECT_EQ(code(note_invoice()), "no_such_order");
  EXPECT_TRUE(news.told.empty());
  EXPECT_EQ(code(app.get_order(cause, {order, by_operator})), "no_such_order");
}

struct CancelCase {
  const char* name;
  Status status;
  const char* code;
};
class CancelIn : public Orders, public ::testing::WithParamInterface<CancelCase> {};

TEST_P(CancelIn, TheState) {
  bring_to(GetParam().status);
  const auto before = news.told.size();
  EXPECT_EQ(code(cancel(by_ann)), GetParam().code);
  const bool refused = *GetParam().code != '\0';
  const bool was_canceled = GetParam().status == Status::canceled;
  EXPECT_EQ(news.told.size(), before + (refused || was_canceled ? 0 : 1));
  EXPECT_EQ(shown().status, refused ? GetParam().status : Status::canceled);
  EXPECT_EQ(code(cancel(by_ann)), GetParam().code) << "the same again";
}
INSTANTIATE_TEST_SUITE_P(Orders, CancelIn,
                         ::testing::Values(CancelCase{"pending", Status::pending, ""}, CancelCase{"approved", Status::approved, ""},
                                           CancelCase{"ready", Status::ready, "order_not_cancelable"},
                                           CancelCase{"completed", Status::completed, "order_not_cancelable"},
                                           CancelCase{"rejected", Status::rejected, "order_not_cancelable"},
                                           CancelCase{"canceled", Status::canceled, ""}),
                         [](const auto& each) { return std::string(each.param.name); });

TEST_F(Orders, OnlyTheShopperAndOperatorsSeeAnOrderAndCancelIt) {
  bring_to(Status::approved);
  EXPECT_TRUE(app.get_order(cause, {order, by_ann}));
  EXPECT_TRUE(app.get_order(cause, {order, by_operator}));
  EXPECT_EQ(code(app.get_order(cause, {order, by_bob})), "not_your_order");
  EXPECT_EQ(code(cancel(by_bob)), "not_your_order");
  EXPECT_EQ(shown().status, Status::approved);
  EXPECT_EQ(code(cancel(by_operator)), "");
  EXPECT_EQ(code(cancel(by_bob)), "not_your_order") << "nor what became of it";
}

TEST_F(Orders, ACancellationOfAnotherVersionThanTheCallerSawIsStale) {
  bring_to(Status::approved);
  EXPECT_EQ(code(cancel(by_ann, 1)), "stale_version");
  EXPECT_EQ(shown().status, Status::approved);
  EXPECT_TRUE(cancel(by_ann, 2));
}

TEST_F(Orders, TheAnswerHasTheWholeHistory) {
  const auto begin = clock.now();
  for (const auto& step : std::vector<std::function<app::Changed()>>{[this] { return create(); }, [this] { return approve(); },
                                                                     [this] { return ready(); }, [this] { return complete(); }}) {
    ASSERT_TRUE(step());
    clock.advance(1min);
  }
  const auto view = shown();
  EXPECT_EQ(view.created_at, begin);
  EXPECT_EQ(view.shopping_list, list);
  const std::vector<Status> steps{Status::pending, Status::approved, Status::ready, Status::completed};
  ASSERT_EQ(view.history.size(), steps.size());
  for (std::size_t i = 0; i < steps.size(); ++i) {
    EXPECT_EQ(view.history[i].status, steps[i]);
    EXPECT_EQ(view.history[i].at, begin + i * 1min);
  }
}

TEST_F(Orders, TheAnswerHasTheInvoiceAsSoonAsThereIsOne) {
  bring_to(Status::ready);
  EXPECT_EQ(shown().invoice, std::nullopt);
  ASSERT_TRUE(note_invoice());
  ASSERT_TRUE(note_invoice());
  EXPECT_EQ(shown().invoice, invoice);
  ASSERT_TRUE(complete());
  EXPECT_EQ(shown().invoice, invoice);
}

TEST_F(Orders, GoodsPickedBeforeTheApprovalMakeTheOrderReadyWithIt) {
  bring_to(Status::pending);
  ASSERT_TRUE(ready());
  ASSERT_TRUE(ready());
  EXPECT_EQ(shown().status, Status::pending);
  EXPECT_EQ(news.told.size(), 2u);
  const auto approved = approve();
  ASSERT_TRUE(approved);
  EXPECT_EQ(approved->state.status, Status::ready);
  EXPECT_EQ(told(), (std::vector<domain::OrderEvent>{domain::OrderCreated{ann, card, {tea}, total, clock.now()},
                                                     domain::OrderPickedEarly{clock.now()}, domain::OrderApproved{list, clock.now()},
                                                     domain::OrderReadied{clock.now()}}));
}

TEST_F(Orders, GoodsThatArePickedBeforeOrAfterARejectionChangeNothing) {
  bring_to(Status::pending);
  ASSERT_TRUE(ready());
  ASSERT_TRUE(reject());
  ASSERT_TRUE(ready());
  EXPECT_EQ(shown().status, Status::rejected);
  EXPECT_EQ(news.told.size(), 3u);
}

TEST_F(Orders, GoodsThatArePickedBeforeOrAfterACancellationChangeNothing) {
  bring_to(Status::pending);
  ASSERT_TRUE(ready());
  ASSERT_TRUE(cancel(by_ann));
  ASSERT_TRUE(ready());
  EXPECT_EQ(shown().status, Status::canceled);
  EXPECT_EQ(news.told.size(), 3u);
}

TEST_F(Orders, APaymentThatComesBeforeTheGoodsIsRefusedAndGoodLater) {
  bring_to(Status::pending);
  EXPECT_EQ(code(complete()), "order_not_ready");
  ASSERT_TRUE(approve());
  EXPECT_EQ(code(complete()), "order_not_ready");
  EXPECT_EQ(shown().status, Status::approved);
  ASSERT_TRUE(ready());
  EXPECT_TRUE(complete());
}

TEST_F(Orders, AnApprovedOrderWhoseListIsCanceledIsCanceledOnce) {
  bring_to(Status::approved);
  ASSERT_TRUE(cancel_unpicked());
  ASSERT_TRUE(cancel_unpicked());
  EXPECT_EQ(shown().status, Status::canceled);
  EXPECT_EQ(news.told.size(), 3u);
  EXPECT_EQ(told().back(), domain::OrderEvent(domain::OrderCanceled{clock.now()}));
  EXPECT_TRUE(ready()) << "the goods are nobody's";
  EXPECT_EQ(shown().status, Status::canceled);
}

TEST_F(Orders, AnOrderWhoseListIsCanceledBeforeTheApprovalIsCanceledWithItAndTheSagaHearsOfSuccess) {
  bring_to(Status::pending);
  ASSERT_TRUE(cancel_unpicked());
  ASSERT_TRUE(cancel_unpicked());
  EXPECT_EQ(shown().status, Status::pending);
  EXPECT_EQ(shown().version, 2u);
  ASSERT_TRUE(approve());
  EXPECT_EQ(shown().status, Status::canceled);
  EXPECT_EQ(shown().shopping_list, list);
  EXPECT_EQ(told(), (std::vector<domain::OrderEvent>{domain::OrderCreated{ann, card, {tea}, total, clock.now()},
                                                     domain::OrderListCanceledEarly{clock.now()}, domain::OrderApproved{list, clock.now()},
                                                     domain::OrderCanceled{clock.now()}}));
}

TEST_F(Orders, AnOrderWhoseListTheSagaCanceledIsRejectedWhicheverIsHeardOfFirst) {
  bring_to(Status::pending);
  ASSERT_TRUE(cancel_unpicked());
  ASSERT_TRUE(reject());
  EXPECT_EQ(shown().status, Status::rejected);
  ASSERT_TRUE(cancel_unpicked());
  EXPECT_EQ(shown().status, Status::rejected);
  EXPECT_EQ(news.told.size(), 3u);
}

TEST_F(Orders, AReadyOrderWhoseInvoiceIsCanceledIsCanceledOnce) {
  bring_to(Status::ready);
  ASSERT_TRUE(note_invoice());
  ASSERT_TRUE(cancel_unpaid());
  ASSERT_TRUE(cancel_unpaid());
  EXPECT_EQ(shown().status, Status::canceled);
  EXPECT_EQ(shown().invoice, invoice);
  EXPECT_EQ(told().back(), domain::OrderEvent(domain::OrderCanceled{clock.now()}));
  EXPECT_EQ(news.told.size(), 4u);
  EXPECT_EQ(code(complete()), "order_not_ready");
}

TEST_F(Orders, ACanceledInvoiceDoesNotEndAnOrderThatIsNotReadyOrIsPaid) {
  bring_to(Status::approved);
  EXPECT_EQ(code(cancel_unpaid()), "order_not_ready");
  ASSERT_TRUE(ready());
  ASSERT_TRUE(complete());
  EXPECT_EQ(code(cancel_unpaid()), "order_not_ready");
  EXPECT_EQ(shown().status, Status::completed);
}

TEST_F(Orders, AreListedToTheirShopperAloneInPages) {
  for (std::uint64_t n = 1; n <= 3; ++n) {
    ASSERT_TRUE(create(id<domain::OrderId>(n), ann));
    clock.advance(1min);
  }
  ASSERT_TRUE(create(id<domain::OrderId>(9), by_operator.user));
  const auto first = app.list_orders(cause, {ann, {2, {}}});
  ASSERT_TRUE(first);
  ASSERT_EQ(first->items.size(), 2u);
  EXPECT_EQ(first->items[0].id, id<domain::OrderId>(3));
  EXPECT_EQ(first->items[1].id, id<domain::OrderId>(2));
  const auto rest = app.list_orders(cause, {ann, {2, first->next}});
  ASSERT_EQ(rest->items.size(), 1u);
  EXPECT_EQ(rest->items[0].id, id<domain::OrderId>(1));
  EXPECT_TRUE(rest->next.empty());
  EXPECT_EQ(app.list_orders(cause, {by_operator.user, {}})->items.size(), 1u) << "an operator's list is their own too";
  EXPECT_TRUE(app.list_orders(cause, {by_bob.user, {}})->items.empty());
}

}  // namespace
}  // namespace ordering::tests
