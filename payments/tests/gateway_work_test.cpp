// Many tasks at the same time.

#include "payments/internal/app/gateway_work.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <mutex>
#include <thread>
#include <vector>

#include "payments/internal/app/gateway_keys.hpp"
#include "payments/tests/fakes.hpp"
#include "pkg/ids/id_sources.hpp"

namespace payments::tests {
namespace {

/// Answers nobody before so many have asked.
class GatheringGateway final : public app::PaymentGateway {
 public:
  explicit GatheringGateway(std::ptrdiff_t size) : all_here_(size) {}
  Answer authorize(const std::string&, const Hold&) override { return {}; }
  Answer capture(const std::string&, const domain::PaymentId&, const pkg::money::Money&) override { return {}; }
  Answer release(const std::string&, const domain::PaymentId& payment) override {
    all_here_.arrive_and_wait();
    const std::scoped_lock lock(mutex_);
    released.insert(payment);
    return {};
  }
  std::set<domain::PaymentId> released;

 private:
  std::latch all_here_;
  std::mutex mutex_;
};

/// Can be away from some unit of work on.
class BreakableTransactor final : public pkg::uow::Transactor {
 public:
  pkg::errors::Result<> run(const pkg::uow::Cause& cause, const Work& work) override {
    if (++runs > works_until) return pkg::errors::fail(pkg::errors::ErrorKind::unavailable, "database_unavailable", {});
    return inner_.run(cause, work);
  }
  std::atomic<int> runs = 0;
  int works_until = 1'000;

 private:
  pkg::uow::MemoryTransactor inner_;
};

class GatewayWork : public ::testing::Test {
 protected:
  static constexpr std::size_t size = 3;
  GatewayWork() {
    for (std::uint64_t n = 1; n <= size; ++n) {
      const domain::PaymentId payment{pkg::ids::CountingIds::nth(n)};
      EXPECT_TRUE(transactor.run({}, [&](pkg::uow::UnitOfWork& unit) -> pkg::errors::Result<> {
        tasks.add(unit, {.key = app::release_key(payment), .payment = payment, .due_at = clock.now()});
        return {};
      }));
    }
  }
  app::GatewayWork by(app::PaymentGateway& gateway) { return {transactor, tasks, gateway, payment_changes, invoice_changes}; }

  pkg::clock::ManualClock clock;
  BreakableTransactor transactor;
  MemoryPayments payments;
  MemoryInvoices invoices;
  MemoryTasks tasks;
  RecordedNews news;
  app::PaymentChanges payment_changes{payments, tasks, news, clock};
  app::InvoiceChanges invoice_changes{invoices, news};
};

TEST_F(GatewayWork, GivesARoundsTasksToBeDoneAtTheSameTime) {
  GatheringGateway gateway(size);
  const auto work = by(gateway);
  const auto round = work.perform_due(10, [](std::size_t count, const std::function<void(std::size_t)>& each) {
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < count; ++i) threads.emplace_back(each, i);
  });
  ASSERT_TRUE(round);
  EXPECT_EQ(round->begun, 3);
  EXPECT_FALSE(round->next_due);
  EXPECT_EQ(gateway.released.size(), size);
  EXPECT_TRUE(tasks.tasks().empty());
}

TEST_F(GatewayWork, EndsARoundInWhichNothingCanBeRecorded) {
  FakeGateway gateway;
  transactor.works_until = transactor.runs + 1;  // the tasks can be claimed
  const int before = transactor.runs;
  const auto round = by(gateway).perform_due(10, [](std::size_t count, const std::function<void(std::size_t)>& each) {
    for (std::size_t i = 0; i < count; ++i) each(i);
  });
  EXPECT_EQ(round.error().code, "database_unavailable");
  EXPECT_EQ(transactor.runs - before, 2) << "the claim, and the first that cannot be recorded";
  EXPECT_EQ(tasks.tasks().size(), size);
}

/// A payment whose capture was asked for, its invoice and the task; remembered with another method, so that it shows who was believed.
class CaptureOfRemembered : public ::testing::Test {
 protected:
  CaptureOfRemembered() {
    const pkg::money::Money amount{*pkg::money::Currency::parse("EUR"), 500};
    payment.id = domain::PaymentId{pkg::ids::CountingIds::nth(31)};
    payment.status = domain::PaymentStatus::capturing;
    payment.method = "stored";
    payment.amount = amount;
    payment.capture = amount;
    payment.order = invoice.order = domain::OrderId{pkg::ids::CountingIds::nth(11)};
    invoice.id = domain::InvoiceId{pkg::ids::CountingIds::nth(51)};
    invoice.status = domain::InvoiceStatus::paying;
    invoice.payment = payment.id;
    invoice.amount = amount;
    task.key = app::capture_key(stored(payment));
    task.payment = payment.id;
    task.operation = app::GatewayOperation::capture;
    task.invoice = invoice.id;
    task.amount = amount;
    EXPECT_TRUE(transactor.run({}, [&](pkg::uow::UnitOfWork& unit) -> pkg::errors::Result<> {
      payments.save(unit, payment);
      invoices.save(unit, invoice);
      tasks.add(unit, task);
      return {};
    }));
    payments.known = stored(payment);
    payments.known->method = "remembered";
    invoices.known = stored(invoice);
    gateway.accounts[payment.id] = {.method = "sandbox:approve", .amount = amount};
  }
  template <class T>
  static T stored(T saved) {
    ++saved.version;
    return saved;
  }
  domain::Payment payment_now() {
    return transactor.run_for({}, [&](pkg::uow::UnitOfWork& unit) { return payments.load(unit, payment.id); }).value();
  }

  pkg::clock::ManualClock clock;
  pkg::uow::MemoryTransactor transactor;
  MemoryPayments payments;
  MemoryInvoices invoices;
  MemoryTasks tasks;
  RecordedNews news;
  FakeGateway gateway{2};
  app::PaymentChanges payment_changes{payments, tasks, news, clock};
  app::InvoiceChanges invoice_changes{invoices, news};
  app::GatewayWork work{transactor, tasks, gateway, payment_changes, invoice_changes};
  domain::Payment payment;
  domain::Invoice invoice;
  app::GatewayTask task;
};

TEST_F(CaptureOfRemembered, IsRecordedWithoutALook) {
  ASSERT_TRUE(work.perform({}, task));
  EXPECT_EQ(payment_now().status, domain::PaymentStatus::captured);
  EXPECT_EQ(payment_now().method, "remembered");
  EXPECT_TRUE(tasks.tasks().empty());
  EXPECT_EQ(news.invoices.size(), 1u);
}

TEST_F(CaptureOfRemembered, IsCheckedAtTheCommit) {
  const auto fails = [&] { return work.perform({}, task).error().kind; };
  payments.known->version += 1;
  task.key = app::capture_key(*payments.known);
  EXPECT_EQ(fails(), pkg::errors::ErrorKind::contended) << "somebody has changed the payment since";
  payments.known->version -= 1;
  task.key = app::capture_key(*payments.known);
  invoices.known->version += 1;
  EXPECT_EQ(fails(), pkg::errors::ErrorKind::contended) << "somebody has changed the invoice since";
  invoices.known->version -= 1;
  ASSERT_TRUE(transactor.run({}, [&](pkg::uow::UnitOfWork& unit) -> pkg::errors::Result<> {
    tasks.remove(unit, task.key);
    return {};
  }));
  EXPECT_EQ(fails(), pkg::errors::ErrorKind::contended) << "somebody has recorded it";
  EXPECT_EQ(payment_now().status, domain::PaymentStatus::capturing);
}

TEST_F(CaptureOfRemembered, LooksWhereWhatIsRememberedWaitsForNoAnswerToThis) {
  payments.known->version += 1;  // as of another capture
  ASSERT_TRUE(work.perform({}, task));
  EXPECT_EQ(payment_now().status, domain::PaymentStatus::captured);
  EXPECT_EQ(payment_now().method, "stored");
}

TEST_F(CaptureOfRemembered, LooksWhereTheInvoiceIsRememberedAsPaid) {
  invoices.known->status = domain::InvoiceStatus::paid;
  ASSERT_TRUE(work.perform({}, task));
  EXPECT_EQ(payment_now().method, "stored");
  EXPECT_EQ(news.invoices.size(), 1u);
}

}  // namespace
}  // namespace payments::tests
