// Many tasks at the same time.

#include "payments/internal/app/gateway_work.hpp"

#include <gtest/gtest.h>

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

TEST(GatewayWork, GivesARoundsTasksToBeDoneAtTheSameTime) {
  constexpr std::size_t size = 3;
  pkg::clock::ManualClock clock;
  pkg::uow::MemoryTransactor transactor;
  MemoryPayments payments;
  MemoryInvoices invoices;
  MemoryTasks tasks;
  RecordedNews news;
  GatheringGateway gateway(size);
  const app::PaymentChanges payment_changes(payments, tasks, news, clock);
  const app::InvoiceChanges invoice_changes(invoices, news);
  const app::GatewayWork work(transactor, tasks, gateway, payment_changes, invoice_changes);
  for (std::uint64_t n = 1; n <= size; ++n) {
    const domain::PaymentId payment{pkg::ids::CountingIds::nth(n)};
    ASSERT_TRUE(transactor.run({}, [&](pkg::uow::UnitOfWork& unit) -> pkg::errors::Result<> {
      tasks.add(unit, {.key = app::release_key(payment), .payment = payment, .due_at = clock.now()});
      return {};
    }));
  }
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

}  // namespace
}  // namespace payments::tests
