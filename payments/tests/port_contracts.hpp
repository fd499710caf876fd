#pragma once
// What every PaymentStore, InvoiceStore, GatewayTasks and sandbox gateway promises; the fakes and the PostgreSQL adapters both pass it.
// Ports has
//   pkg::uow::Transactor& transactor();  app::PaymentStore& payments();  app::InvoiceStore& invoices();  app::GatewayTasks& tasks();
//   app::PaymentGateway& gateway();  // sandbox:flaky fails twice

#include <gtest/gtest.h>

#include "payments/internal/app/payment_gateway.hpp"
#include "payments/internal/app/ports.hpp"
#include "pkg/ids/id_sources.hpp"

namespace payments::tests {

using pkg::errors::Result;
using pkg::uow::UnitOfWork;

template <class Ports>
class PortContract : public ::testing::Test {
 protected:
  static constexpr auto t0 = pkg::clock::TimePoint{std::chrono::hours{480'000}};
  static constexpr auto minute = std::chrono::minutes{1};
  template <class Id>
  static Id id(std::uint64_t n) {
    return Id{pkg::ids::CountingIds::nth(n)};
  }
  static pkg::money::Money eur(std::int64_t cents) { return {*pkg::money::Currency::parse("EUR"), cents}; }

  domain::Payment payment(std::uint64_t n, pkg::clock::TimePoint expires_at = t0) {
    return domain::authorize({id<domain::PaymentId>(n), id<domain::UserId>(1), eur(500), "sandbox:approve", expires_at}).state;
  }
  domain::Invoice invoice(std::uint64_t n, std::uint64_t user, pkg::clock::TimePoint at) {
    return domain::create(
               {id<domain::InvoiceId>(n), id<domain::OrderId>(n), id<domain::UserId>(user), id<domain::PaymentId>(n), eur(400), at})
        ->state;
  }
  app::GatewayTask capture(std::uint64_t n, pkg::clock::TimePoint due_at) {
    return {.key = "capture " + std::to_string(n),
            .payment = id<domain::PaymentId>(n),
            .operation = app::GatewayOperation::capture,
            .invoice = id<domain::InvoiceId>(n),
            .amount = eur(400),
            .due_at = due_at};
  }

  Result<> run(const std::function<void(UnitOfWork&)>& work) {
    return ports.transactor().run({"correlation", "cause", ""}, [&](UnitOfWork& unit) -> Result<> {
      work(unit);
      return {};
    });
  }
  template <class F>
  auto get(F read) {
    auto found = ports.transactor().run_for({}, read);
    EXPECT_TRUE(found) << found.error().code;
    return std::move(*found);
  }
  domain::Payment stored(const domain::PaymentId& payment) {
    return get([&](UnitOfWork& unit) { return ports.payments().load(unit, payment); });
  }
  std::vector<domain::InvoiceId> listed(const app::InvoiceFilter& filter, pkg::paging::Page page = {},
                                        pkg::paging::Cursor* next = nullptr) {
    auto slice = get([&](UnitOfWork& unit) { return ports.invoices().list(unit, filter, page); });
    if (next != nullptr) *next = slice.next;
    std::vector<domain::InvoiceId> ids;
    for (const auto& invoice : slice.items) ids.push_back(invoice.id);
    return ids;
  }
  std::vector<app::GatewayTask> claimed(pkg::clock::TimePoint now, int limit = 10) {
    return get([&](UnitOfWork& unit) { return ports.tasks().claim(unit, now, now + minute, limit); });
  }

  Ports ports;
};

TYPED_TEST_SUITE_P(PortContract);

TYPED_TEST_P(PortContract, APaymentIsReadAsItWasWrittenOneVersionOn) {
  auto& payments = this->ports.payments();
  auto payment = this->payment(31);
  EXPECT_EQ(this->stored(payment.id), domain::Payment{});
  ASSERT_TRUE(this->run([&](UnitOfWork& unit) { payments.save(unit, payment); }));
  payment.version = 1;
  EXPECT_EQ(this->stored(payment.id), payment);
  payment.status = domain::PaymentStatus::capturing;
  payment.order = this->template id<domain::OrderId>(11);
  payment.capture = this->eur(300);
  payment.closed_orders = {this->template id<domain::OrderId>(12), this->template id<domain::OrderId>(13)};
  ASSERT_TRUE(this->run([&](UnitOfWork& unit) { payments.save(unit, payment); }));
  payment.version = 2;
  EXPECT_EQ(this->stored(payment.id), payment);
}

TYPED_TEST_P(PortContract, TheLaterOfTwoWritersOfOneVersionIsContended) {
  auto& payments = this->ports.payments();
  auto& invoices = this->ports.invoices();
  auto payment = this->payment(31);
  auto invoice = this->invoice(51, 1, this->t0);
  const auto save = [&](UnitOfWork& unit) { payments.save(unit, payment); };
  const auto save_invoice = [&](UnitOfWork& unit) { invoices.save(unit, invoice); };
  ASSERT_TRUE(this->run(save));
  EXPECT_EQ(this->run(save).error().kind, pkg::errors::ErrorKind::contended);
  payment.version = 1;
  ASSERT_TRUE(this->run(save));
  EXPECT_EQ(this->run(save).error().kind, pkg::errors::ErrorKind::contended);
  ASSERT_TRUE(this->run(save_invoice));
  invoice.version = 1;
  ASSERT_TRUE(this->run(save_invoice));
  EXPECT_EQ(this->run(save_invoice).error().kind, pkg::errors::ErrorKind::contended);
}

TYPED_TEST_P(PortContract, UnusedPaymentsExpireTheLongestOverFirst) {
  auto& payments = this->ports.payments();
  auto late = this->payment(31, this->t0 + this->minute);
  auto early = this->payment(32, this->t0);
  auto used = this->payment(33, this->t0);
  used.status = domain::PaymentStatus::confirmed;
  auto fresh = this->payment(34, this->t0 + 3 * this->minute);
  ASSERT_TRUE(this->run([&](UnitOfWork& unit) {
    for (const auto& payment : {late, early, used, fresh}) payments.save(unit, payment);
  }));
  const auto expired = [&](int limit) {
    return this->get([&](UnitOfWork& unit) { return payments.expired(unit, this->t0 + this->minute, limit); });
  };
  EXPECT_EQ(expired(10), (std::vector{early.id, late.id}));
  EXPECT_EQ(expired(1), (std::vector{early.id}));
}

TYPED_TEST_P(PortContract, AnOrderHasOneInvoice) {
  auto& invoices = this->ports.invoices();
  const auto one = this->invoice(51, 1, this->t0);
  auto other = this->invoice(52, 1, this->t0);
  other.order = one.order;
  const auto exists = [&] { return this->get([&](UnitOfWork& unit) { return invoices.exists_for(unit, one.order); }); };
  EXPECT_FALSE(exists());
  ASSERT_TRUE(this->run([&](UnitOfWork& unit) { invoices.save(unit, one); }));
  EXPECT_TRUE(exists());
  EXPECT_EQ(this->run([&](UnitOfWork& unit) { invoices.save(unit, other); }).error().kind, pkg::errors::ErrorKind::contended);
}

TYPED_TEST_P(PortContract, AnInvoiceIsReadAsItWasWrittenOneVersionOn) {
  auto& invoices = this->ports.invoices();
  auto invoice = this->invoice(51, 1, this->t0);
  const auto stored = [&] { return this->get([&](UnitOfWork& unit) { return invoices.load(unit, invoice.id); }); };
  EXPECT_EQ(stored(), domain::Invoice{});
  ASSERT_TRUE(this->run([&](UnitOfWork& unit) { invoices.save(unit, invoice); }));
  invoice.version = 1;
  EXPECT_EQ(stored(), invoice);
  invoice.status = domain::InvoiceStatus::paying;
  invoice.amount = this->eur(450);
  ASSERT_TRUE(this->run([&](UnitOfWork& unit) { invoices.save(unit, invoice); }));
  invoice.version = 2;
  EXPECT_EQ(stored(), invoice);
}

TYPED_TEST_P(PortContract, InvoicesAreListedNewestFirstPageByPage) {
  const auto one = this->invoice(51, 1, this->t0);
  const auto two = this->invoice(52, 2, this->t0 + this->minute);
  const auto three = this->invoice(53, 1, this->t0 + this->minute);
  ASSERT_TRUE(this->run([&](UnitOfWork& unit) {
    for (const auto& invoice : {one, two, three}) this->ports.invoices().save(unit, invoice);
  }));
  EXPECT_EQ(this->listed({}), (std::vector{three.id, two.id, one.id}));
  EXPECT_EQ(this->listed({one.user, {}}), (std::vector{three.id, one.id}));
  EXPECT_EQ(this->listed({{}, two.order}), (std::vector{two.id}));
  EXPECT_EQ(this->listed({one.user, two.order}), std::vector<domain::InvoiceId>{});
  pkg::paging::Cursor next;
  EXPECT_EQ(this->listed({}, {2, {}}, &next), (std::vector{three.id, two.id}));
  EXPECT_EQ(this->listed({}, {2, next}, &next), (std::vector{one.id}));
  EXPECT_TRUE(next.empty());
}

TYPED_TEST_P(PortContract, ADueTaskIsClaimedByOneAtATime) {
  auto& tasks = this->ports.tasks();
  const auto late = this->capture(1, this->t0 + this->minute);
  const auto early = this->capture(2, this->t0);
  ASSERT_TRUE(this->run([&](UnitOfWork& unit) {
    tasks.add(unit, late);
    tasks.add(unit, early);
    tasks.add(unit, early);
  }));
  const auto next_due = [&] { return this->get([&](UnitOfWork& unit) { return tasks.next_due(unit); }); };
  EXPECT_EQ(next_due(), early.due_at);
  const auto first = this->claimed(this->t0);
  ASSERT_EQ(first.size(), 1u);
  EXPECT_EQ(first[0].key, early.key);
  EXPECT_EQ(first[0].payment, early.payment);
  EXPECT_EQ(first[0].operation, app::GatewayOperation::capture);
  EXPECT_EQ(first[0].invoice, early.invoice);
  EXPECT_EQ(first[0].amount, early.amount);
  EXPECT_EQ(first[0].attempts, 1);
  EXPECT_EQ(first[0].cause.correlation_id, "correlation");
  EXPECT_TRUE(this->claimed(this->t0).empty()) << "it is somebody's";
  EXPECT_EQ(this->claimed(this->t0 + this->minute, 1).size(), 1u);
  EXPECT_EQ(this->claimed(this->t0 + this->minute).size(), 1u) << "the other one";
}

TYPED_TEST_P(PortContract, ATaskStaysUntilItIsRemovedAndCanBePutOff) {
  auto& tasks = this->ports.tasks();
  const auto task = this->capture(1, this->t0);
  const auto found = [&] { return this->get([&](UnitOfWork& unit) { return tasks.capture_of(unit, *task.invoice); }); };
  EXPECT_FALSE(found());
  ASSERT_TRUE(this->run([&](UnitOfWork& unit) { tasks.add(unit, task); }));
  EXPECT_EQ(found()->key, task.key);
  ASSERT_TRUE(this->run([&](UnitOfWork& unit) { tasks.postpone(unit, task.key, this->t0 + this->minute); }));
  EXPECT_TRUE(this->claimed(this->t0).empty());
  EXPECT_EQ(this->claimed(this->t0 + this->minute).size(), 1u);
  for (int i = 0; i < 2; ++i) ASSERT_TRUE(this->run([&](UnitOfWork& unit) { tasks.remove(unit, task.key); }));
  EXPECT_FALSE(found());
  EXPECT_FALSE(this->get([&](UnitOfWork& unit) { return tasks.next_due(unit); }));
}

TYPED_TEST_P(PortContract, ATaskIsTakenBackUnlessItWasBegun) {
  auto& tasks = this->ports.tasks();
  const auto task = this->capture(1, this->t0);
  const auto take_back = [&] { return this->run([&](UnitOfWork& unit) { tasks.take_back(unit, task.key); }); };
  EXPECT_EQ(take_back().error(), app::task_begun());
  ASSERT_TRUE(this->run([&](UnitOfWork& unit) { tasks.add(unit, task); }));
  EXPECT_TRUE(take_back());
  ASSERT_TRUE(this->run([&](UnitOfWork& unit) { tasks.add(unit, task); }));
  ASSERT_EQ(this->claimed(this->t0).size(), 1u);
  EXPECT_EQ(take_back().error(), app::task_begun());
}

TYPED_TEST_P(PortContract, ATaskIsFinishedOnce) {
  auto& tasks = this->ports.tasks();
  const auto task = this->capture(1, this->t0);
  const auto finish = [&] { return this->run([&](UnitOfWork& unit) { tasks.finish(unit, task.key); }); };
  ASSERT_TRUE(this->run([&](UnitOfWork& unit) { tasks.add(unit, task); }));
  ASSERT_EQ(this->claimed(this->t0).size(), 1u);
  EXPECT_TRUE(finish());
  EXPECT_EQ(finish().error().kind, pkg::errors::ErrorKind::contended);
}

TYPED_TEST_P(PortContract, TheGatewayHoldsTakesAndGivesBackOncePerKey) {
  auto& gateway = this->ports.gateway();
  const auto payment = this->template id<domain::PaymentId>(31);
  const auto declined = std::unexpected(app::GatewayFailure::declined);
  EXPECT_EQ(gateway.capture("c0", payment, this->eur(1)), declined) << "nothing is held";
  EXPECT_TRUE(gateway.authorize("a", {payment, "sandbox:approve", this->eur(500)}));
  EXPECT_TRUE(gateway.authorize("a", {payment, "sandbox:approve", this->eur(500)}));
  EXPECT_EQ(gateway.capture("c1", payment, this->eur(501)), declined);
  EXPECT_TRUE(gateway.capture("c2", payment, this->eur(400)));
  EXPECT_TRUE(gateway.capture("c2", payment, this->eur(400))) << "the answer of the first time";
  EXPECT_EQ(gateway.capture("c3", payment, this->eur(100)), declined) << "the rest was given back";
  EXPECT_TRUE(gateway.release("r", payment));
}

TYPED_TEST_P(PortContract, WhatTheGatewayGaveBackCannotBeTakenNorHeldAgain) {
  auto& gateway = this->ports.gateway();
  const auto payment = this->template id<domain::PaymentId>(31);
  const auto other = this->template id<domain::PaymentId>(32);
  const auto declined = std::unexpected(app::GatewayFailure::declined);
  EXPECT_TRUE(gateway.authorize("a", {payment, "sandbox:approve", this->eur(500)}));
  for (int i = 0; i < 2; ++i) EXPECT_TRUE(gateway.release("r", payment));
  EXPECT_EQ(gateway.capture("c", payment, this->eur(400)), declined);
  EXPECT_TRUE(gateway.release("r2", other)) << "nothing is held";
  EXPECT_EQ(gateway.authorize("a2", {other, "sandbox:approve", this->eur(500)}), declined) << "the request came too late";
}

TYPED_TEST_P(PortContract, TheGatewayRefusesByMethod) {
  auto& gateway = this->ports.gateway();
  const auto payment = this->template id<domain::PaymentId>(31);
  const auto declined = std::unexpected(app::GatewayFailure::declined);
  const auto unavailable = std::unexpected(app::GatewayFailure::unavailable);
  EXPECT_EQ(gateway.authorize("a1", {payment, "cash", this->eur(5)}), std::unexpected(app::GatewayFailure::unknown_method));
  for (int i = 0; i < 2; ++i) EXPECT_EQ(gateway.authorize("a2", {payment, "sandbox:decline", this->eur(5)}), declined);
  EXPECT_TRUE(gateway.authorize("a3", {payment, "sandbox:capture-fails", this->eur(5)}));
  for (int i = 0; i < 2; ++i) EXPECT_EQ(gateway.capture("c1", payment, this->eur(5)), declined);
  const auto flaky = this->template id<domain::PaymentId>(32);
  for (int i = 0; i < 2; ++i) EXPECT_EQ(gateway.authorize("a4", {flaky, "sandbox:flaky", this->eur(5)}), unavailable);
  EXPECT_TRUE(gateway.authorize("a4", {flaky, "sandbox:flaky", this->eur(5)}));
  for (int i = 0; i < 2; ++i) EXPECT_EQ(gateway.capture("c2", flaky, this->eur(5)), unavailable);
  EXPECT_TRUE(gateway.capture("c2", flaky, this->eur(5)));
}

REGISTER_TYPED_TEST_SUITE_P(PortContract, APaymentIsReadAsItWasWrittenOneVersionOn, TheLaterOfTwoWritersOfOneVersionIsContended,
                            UnusedPaymentsExpireTheLongestOverFirst, AnOrderHasOneInvoice, AnInvoiceIsReadAsItWasWrittenOneVersionOn,
                            InvoicesAreListedNewestFirstPageByPage, ADueTaskIsClaimedByOneAtATime, ATaskStaysUntilItIsRemovedAndCanBePutOff,
                            ATaskIsTakenBackUnlessItWasBegun, ATaskIsFinishedOnce, TheGatewayHoldsTakesAndGivesBackOncePerKey,
                            WhatTheGatewayGaveBackCannotBeTakenNorHeldAgain, TheGatewayRefusesByMethod);

}  // namespace payments::tests
