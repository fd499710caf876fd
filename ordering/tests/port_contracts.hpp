#pragma once
// What every OrderStore and OrderBook promises; the fakes and the PostgreSQL adapters both pass it. Ports has
//   pkg::uow::Transactor& transactor();  app::OrderStore& orders();  app::OrderBook& book();

#include <gtest/gtest.h>

#include "ordering/internal/app/ports.hpp"
#include "pkg/ids/id_sources.hpp"

namespace ordering::tests {

template <class Ports>
class PortContract : public ::testing::Test {
 protected:
  using Status = domain::OrderStatus;
  using Unit = pkg::uow::UnitOfWork;
  using Events = std::vector<domain::OrderEvent>;

  static constexpr auto t0 = pkg::clock::TimePoint{std::chrono::hours{480'000}} + std::chrono::microseconds{123'456};
  static constexpr auto t1 = t0 + std::chrono::minutes{5};
  template <class Id>
  static Id id(std::uint64_t n) {
    return Id{pkg::ids::CountingIds::nth(n)};
  }
  static domain::OrderId order(std::uint64_t n) { return id<domain::OrderId>(n); }
  static pkg::money::Money eur(std::int64_t cents) { return {*pkg::money::Currency::parse("EUR"), cents}; }

  const domain::UserId ann = id<domain::UserId>(101);
  const domain::UserId bob = id<domain::UserId>(102);
  const domain::ShoppingListId list = id<domain::ShoppingListId>(141);
  const domain::InvoiceId invoice = id<domain::InvoiceId>(151);
  const domain::OrderItem tea{id<domain::ProductId>(111), id<domain::StoreId>(121), "Tea", "North", eur(250), 2};
  const domain::OrderItem cup{id<domain::ProductId>(112), id<domain::StoreId>(122), "Cup \"blue\", {1}", "Süd", eur(125), 4};
  const domain::OrderCreated created{ann, id<domain::PaymentId>(131), {tea, cup}, eur(1000), t0};

  /// In one unit: the events behind what is there, in the store and in the book.
  pkg::errors::Result<> append(Unit& unit, const domain::OrderId& to, const Events& events) {
    auto loaded = ports.orders().load(unit, to, pkg::es::Look::stored);
    if (!loaded) return pkg::errors::pass_on(loaded);
    if (auto appended = ports.orders().append(unit, to, *loaded, events); !appended) return appended;
    ports.book().note(unit, to, *loaded, events);
    return {};
  }
  void happen(const domain::OrderId& to, const Events& events) {
    const auto done = ports.transactor().run({}, [&](Unit& unit) { return append(unit, to, events); });
    ASSERT_TRUE(done) << done.error().code << " " << done.error().detail;
  }
  void create(std::uint64_t n, const domain::UserId& user, pkg::clock::TimePoint at) {
    auto event = created;
    event.user = user;
    event.at = at;
    happen(order(n), {event});
  }
  pkg::errors::Result<> note_invoice(const domain::OrderId& of) {
    return ports.transactor().run({}, [&](Unit& unit) -> pkg::errors::Result<> {
      ports.book().note_invoice(unit, of, invoice);
      return {};
    });
  }
  pkg::es::Loaded<domain::Order> load(const domain::OrderId& which) {
    const auto loaded = ports.transactor().run_for({}, [&](Unit& unit) { return ports.orders().load(unit, which, pkg::es::Look::stored); });
    EXPECT_TRUE(loaded) << loaded.error().code;
    return loaded.value_or(pkg::es::Loaded<domain::Order>{});
  }
  std::optional<app::OrderView> find(const domain::OrderId& which) {
    const auto found = ports.transactor().run_for({}, [&](Unit& unit) { return ports.book().find(unit, which); });
    EXPECT_TRUE(found) << found.error().code;
    return found.value_or(std::nullopt);
  }
  /// One that must be there.
  app::OrderView shown(const domain::OrderId& which) {
    auto found = find(which);
    EXPECT_TRUE(found);
    return found.value_or(app::OrderView{});
  }
  pkg::errors::Result<pkg::paging::Slice<app::OrderView>> of_user(const domain::UserId& user, pkg::paging::Page page = {}) {
    return ports.transactor().run_for({}, [&](Unit& unit) { return ports.book().of_user(unit, user, page); });
  }
  /// The numbers of the orders on a page, as create() gave them, and the page after it.
  std::pair<std::vector<domain::OrderId>, pkg::paging::Cursor> page(const domain::UserId& user, int size, pkg::paging::Cursor after = {}) {
    const auto slice = of_user(user, {size, std::move(after)});
    EXPECT_TRUE(slice) << slice.error().code;
    std::vector<domain::OrderId> ids;
    if (!slice) return {};
    for (const auto& view : slice->items) ids.push_back(view.id);
    return {ids, slice->next};
  }
  static std::vector<domain::OrderId> orders(std::initializer_list<std::uint64_t> numbers) {
    std::vector<domain::OrderId> ids;
    for (const auto n : numbers) ids.push_back(order(n));
    return ids;
  }
  /// "pending 2026-…" would pin the format of times; this is status, minutes since t0 and detail of each step.
  static std::string history(const app::OrderView& view) {
    std::string text;
    for (const auto& step : view.history) {
      const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(step.at - t0).count();
      text += std::to_string(static_cast<int>(step.status)) + "@" + std::to_string(minutes) + "(" + step.detail + ") ";
    }
    return text;
  }

  Ports ports;
};

TYPED_TEST_SUITE_P(PortContract);

TYPED_TEST_P(PortContract, AnOrderIsLoadedWithEverythingThatHappened) {
  const typename TestFixture::Events events{this->created, domain::OrderPickedEarly{this->t0}, domain::OrderApproved{this->list, this->t1},
                                            domain::OrderReadied{this->t1}, domain::OrderCompleted{this->invoice, this->t1}};
  EXPECT_FALSE(this->load(this->order(1)).exists());
  this->happen(this->order(1), {events[0]});
  this->happen(this->order(1), {events.begin() + 1, events.end()});
  const auto loaded = this->load(this->order(1));
  EXPECT_EQ(loaded.version, events.size());
  EXPECT_EQ(loaded.state, pkg::es::fold(domain::Order{}, events));
  EXPECT_FALSE(this->load(this->order(2)).exists());
}

TYPED_TEST_P(PortContract, AnOrderIsShownAsItWasMade) {
  EXPECT_FALSE(this->find(this->order(1)));
  this->happen(this->order(1), {this->created});
  const auto view = this->shown(this->order(1));
  EXPECT_EQ(view.id, this->order(1));
  EXPECT_EQ(view.user, this->ann);
  EXPECT_EQ(view.payment, this->created.payment);
  EXPECT_EQ(view.status, TestFixture::Status::pending);
  EXPECT_EQ(view.items, this->created.items);
  EXPECT_EQ(view.total, this->eur(1000));
  EXPECT_EQ(view.shopping_list, std::nullopt);
  EXPECT_EQ(view.invoice, std::nullopt);
  EXPECT_EQ(view.rejection_code, "");
  EXPECT_EQ(view.created_at, this->t0);
  EXPECT_EQ(view.version, 1u);
  EXPECT_EQ(this->history(view), "1@0() ");
}

TYPED_TEST_P(PortContract, EveryStepOfAGoodOrderIsShown) {
  this->happen(this->order(1), {this->created});
  this->happen(this->order(1), {domain::OrderApproved{this->list, this->t1}});
  EXPECT_EQ(this->shown(this->order(1)).status, TestFixture::Status::approved);
  EXPECT_EQ(this->shown(this->order(1)).shopping_list, this->list);
  this->happen(this->order(1), {domain::OrderReadied{this->t1}});
  EXPECT_EQ(this->shown(this->order(1)).status, TestFixture::Status::ready);
  this->happen(this->order(1), {domain::OrderCompleted{this->invoice, this->t1}});
  const auto view = this->shown(this->order(1));
  EXPECT_EQ(view.status, TestFixture::Status::completed);
  EXPECT_EQ(view.invoice, this->invoice) << "what paid it, whether or not it was noted before";
  EXPECT_EQ(view.version, 4u);
  EXPECT_EQ(this->history(view), "1@0() 2@5() 3@5() 4@5() ");
}

TYPED_TEST_P(PortContract, ARejectedOrderShowsWhy) {
  this->happen(this->order(1), {this->created});
  this->happen(this->order(1), {domain::OrderRejected{"out_of_stock", "No tea left.", this->t1}});
  const auto view = this->shown(this->order(1));
  EXPECT_EQ(view.status, TestFixture::Status::rejected);
  EXPECT_EQ(view.rejection_code, "out_of_stock");
  EXPECT_EQ(this->history(view), "1@0() 5@5(No tea left.) ");
}

TYPED_TEST_P(PortContract, ACanceledOrderIsShownAsSuch) {
  this->happen(this->order(1), {this->created});
  this->happen(this->order(1), {domain::OrderCanceled{this->t1}});
  EXPECT_EQ(this->shown(this->order(1)).status, TestFixture::Status::canceled);
  EXPECT_EQ(this->shown(this->order(1)).version, 2u);
  EXPECT_EQ(this->history(this->shown(this->order(1))), "1@0() 6@5() ");
}

TYPED_TEST_P(PortContract, WhatIsRememberedShowsInTheVersionAloneAndTwoEventsAtOnceAreTwoSteps) {
  this->happen(this->order(1), {this->created});
  this->happen(this->order(1), {domain::OrderPickedEarly{this->t0}});
  EXPECT_EQ(this->shown(this->order(1)).version, 2u);
  EXPECT_EQ(this->history(this->shown(this->order(1))), "1@0() ");
  this->happen(this->order(2), {this->created});
  this->happen(this->order(2), {domain::OrderListCanceledEarly{this->t0}});
  EXPECT_EQ(this->shown(this->order(2)).version, 2u);
  EXPECT_EQ(this->history(this->shown(this->order(2))), "1@0() ");
  this->happen(this->order(1), {domain::OrderApproved{this->list, this->t1}, domain::OrderReadied{this->t1}});
  EXPECT_EQ(this->shown(this->order(1)).version, 4u);
  EXPECT_EQ(this->shown(this->order(1)).status, TestFixture::Status::ready);
  EXPECT_EQ(this->history(this->shown(this->order(1))), "1@0() 2@5() 3@5() ");
}

TYPED_TEST_P(PortContract, AnInvoiceIsNotedAnyNumberOfTimesAndNeverForAnUnknownOrder) {
  const auto unknown = this->note_invoice(this->order(1));
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().code, "no_such_order");
  EXPECT_FALSE(this->find(this->order(1)));
  this->happen(this->order(1), {this->created});
  ASSERT_TRUE(this->note_invoice(this->order(1)));
  ASSERT_TRUE(this->note_invoice(this->order(1)));
  EXPECT_EQ(this->shown(this->order(1)).invoice, this->invoice);
  EXPECT_EQ(this->shown(this->order(1)).version, 1u) << "the order itself is as it was";
}

TYPED_TEST_P(PortContract, AUnitSeesWhatItWroteItselfAndOthersSeeItAfterTheCommit) {
  const auto done = this->ports.transactor().run({}, [&](pkg::uow::UnitOfWork& unit) -> pkg::errors::Result<> {
    if (auto made = this->append(unit, this->order(1), {this->created}); !made) return made;
    this->ports.book().note_invoice(unit, this->order(1), this->invoice);
    EXPECT_EQ(this->ports.orders().load(unit, this->order(1), pkg::es::Look::stored)->version, 1u);
    EXPECT_EQ(this->ports.book().find(unit, this->order(1))->value().invoice, this->invoice);
    EXPECT_FALSE(this->find(this->order(1))) << "not committed yet";
    return {};
  });
  ASSERT_TRUE(done) << done.error().detail;
  EXPECT_TRUE(this->find(this->order(1)));
}

TYPED_TEST_P(PortContract, AUnitThatFailsLeavesNoTrace) {
  const auto failed = this->ports.transactor().run({}, [&](pkg::uow::UnitOfWork& unit) -> pkg::errors::Result<> {
    if (auto made = this->append(unit, this->order(1), {this->created}); !made) return made;
    return pkg::errors::fail(pkg::errors::ErrorKind::rejected, "no", "No.");
  });
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().code, "no");
  EXPECT_FALSE(this->load(this->order(1)).exists());
  EXPECT_FALSE(this->find(this->order(1)));
  EXPECT_TRUE(this->page(this->ann, 10).first.empty());
}

TYPED_TEST_P(PortContract, TheSlowerOfTwoWritersDecidesAgainAndOnlyItsLastDecisionIsKept) {
  this->happen(this->order(1), {this->created});
  std::vector<typename TestFixture::Status> seen;
  const auto done = this->ports.transactor().run({}, [&](pkg::uow::UnitOfWork& unit) -> pkg::errors::Result<> {
    auto loaded = this->ports.orders().load(unit, this->order(1), pkg::es::Look::stored);
    if (!loaded) return pkg::errors::pass_on(loaded);
    seen.push_back(loaded->state.status);
    if (seen.size() == 1) this->happen(this->order(1), {domain::OrderApproved{this->list, this->t0}});  // somebody else is faster
    const typename TestFixture::Events canceled{domain::OrderCanceled{this->t1}};
    if (auto appended = this->ports.orders().append(unit, this->order(1), *loaded, canceled); !appended) return appended;
    this->ports.book().note(unit, this->order(1), *loaded, canceled);
    return {};
  });
  ASSERT_TRUE(done) << done.error().detail;
  EXPECT_EQ(seen, (std::vector{TestFixture::Status::pending, TestFixture::Status::approved}));
  EXPECT_EQ(this->load(this->order(1)).version, 3u);
  EXPECT_EQ(this->history(this->shown(this->order(1))), "1@0() 2@0() 6@5() ");
  EXPECT_EQ(this->shown(this->order(1)).version, 3u);
}

TYPED_TEST_P(PortContract, AShoppersOrdersAreListedNewestFirstWithTheirItemsAndWithoutTheirHistory) {
  using std::chrono::minutes;
  this->create(1, this->ann, this->t0);
  this->create(2, this->bob, this->t0 + minutes{1});
  this->create(3, this->ann, this->t0 + minutes{2});
  this->happen(this->order(1), {domain::OrderApproved{this->list, this->t1}});
  const auto slice = this->of_user(this->ann);
  ASSERT_TRUE(slice) << slice.error().code;
  ASSERT_EQ(slice->items.size(), 2u);
  EXPECT_EQ(slice->items[0].id, this->order(3));
  EXPECT_EQ(slice->items[1].id, this->order(1));
  EXPECT_EQ(slice->items[1].status, TestFixture::Status::approved);
  EXPECT_EQ(slice->items[0].items, this->created.items);
  EXPECT_EQ(slice->items[1].items, this->created.items);
  EXPECT_TRUE(slice->items[0].history.empty());
  EXPECT_TRUE(slice->next.empty());
  EXPECT_TRUE(this->page(this->template id<domain::UserId>(103), 10).first.empty());
}

TYPED_TEST_P(PortContract, PagesNeitherRepeatNorSkipWhileOrdersComeAndChange) {
  using std::chrono::minutes;
  for (const std::uint64_t n : {1, 2, 3}) this->create(n, this->ann, this->t0);  // at the same moment
  this->create(4, this->ann, this->t0 + minutes{1});
  this->create(5, this->ann, this->t0 - minutes{1});
  const auto [first, after_first] = this->page(this->ann, 2);
  EXPECT_EQ(first, this->orders({4, 3}));
  this->create(6, this->ann, this->t0 + minutes{2});
  this->happen(this->order(3), {domain::OrderCanceled{this->t1}});
  const auto [second, after_second] = this->page(this->ann, 2, after_first);
  EXPECT_EQ(second, this->orders({2, 1}));
  const auto [last, after_last] = this->page(this->ann, 2, after_second);
  EXPECT_EQ(last, this->orders({5}));
  EXPECT_TRUE(after_last.empty());
  const auto [exact, after_exact] = this->page(this->ann, 6);
  EXPECT_EQ(exact, this->orders({6, 4, 3, 2, 1, 5}));
  EXPECT_TRUE(after_exact.empty()) << "there is no empty last page";
}

TYPED_TEST_P(PortContract, AnotherListsCursorIsMalformed) {
  const auto slice = this->of_user(this->ann, {10, {"yesterday", "tea"}});
  ASSERT_FALSE(slice);
  EXPECT_EQ(slice.error().code, "malformed_page_token");
}

REGISTER_TYPED_TEST_SUITE_P(PortContract, AnOrderIsLoadedWithEverythingThatHappened, AnOrderIsShownAsItWasMade,
                            EveryStepOfAGoodOrderIsShown, ARejectedOrderShowsWhy, ACanceledOrderIsShownAsSuch,
                            WhatIsRememberedShowsInTheVersionAloneAndTwoEventsAtOnceAreTwoSteps,
                            AnInvoiceIsNotedAnyNumberOfTimesAndNeverForAnUnknownOrder,
                            AUnitSeesWhatItWroteItselfAndOthersSeeItAfterTheCommit, AUnitThatFailsLeavesNoTrace,
                            TheSlowerOfTwoWritersDecidesAgainAndOnlyItsLastDecisionIsKept,
                            AShoppersOrdersAreListedNewestFirstWithTheirItemsAndWithoutTheirHistory,
                            PagesNeitherRepeatNorSkipWhileOrdersComeAndChange, AnotherListsCursorIsMalformed);

}  // namespace ordering::tests
