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

}  // namespace
}  // namespace payments::tests
