// The PostgreSQL adapters of payments pass the contract that the fakes pass.

#include <atomic>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "payments/internal/adapters/pg/pg_gateway_tasks.hpp"
#include "payments/internal/adapters/pg/pg_invoice_store.hpp"
#include "payments/internal/adapters/pg/pg_payment_store.hpp"
#include "payments/internal/adapters/pg/sandbox_gateway.hpp"
#include "payments/tests/port_contracts.hpp"
#include "pkg/postgres/migrations.hpp"
#include "pkg/postgres/transactor.hpp"
#include "pkg/testing/postgres_server.hpp"

namespace payments::tests {

/// The service's tables; see mall_embed() in CMakeLists.txt.
std::span<const pkg::embed::EmbeddedFile> migration_files();

namespace {

pkg::postgres::PoolOptions options_for(const std::string& connection_string) {
  pkg::postgres::PoolOptions options;
  options.connection.connection_string = connection_string;
  return options;
}

class PgPorts {
 public:
  PgPorts() {
    const auto steps = pkg::postgres::embedded_migrations("payments", migration_files());
    const auto migrated = pkg::postgres::migrate(pool_.options().connection, steps.value());
    if (!migrated) ADD_FAILURE() << migrated.error().detail;
  }
  pkg::uow::Transactor& transactor() { return transactor_; }
  app::PaymentStore& payments() { return payments_; }
  app::InvoiceStore& invoices() { return invoices_; }
  app::GatewayTasks& tasks() { return tasks_; }
  app::PaymentGateway& gateway() { return gateway_; }
  const pkg::testing::TestDatabase& database() const { return database_; }
  const pkg::postgres::Pool& pool() const { return pool_; }
  /// What the worker was told: when a task is due.
  std::vector<pkg::clock::TimePoint> told() const {
    const std::scoped_lock lock(mutex_);
    return told_;
  }

 private:
  pkg::testing::TestDatabase database_;
  pkg::postgres::Pool pool_{options_for(database_.connection_string())};
  pkg::postgres::PgTransactor transactor_{pool_};
  mutable std::mutex mutex_;
  std::vector<pkg::clock::TimePoint> told_;
  adapters::pg::PgPaymentStore payments_;
  adapters::pg::PgInvoiceStore invoices_;
  adapters::pg::PgGatewayTasks tasks_{[this](pkg::clock::TimePoint due) {
    const std::scoped_lock lock(mutex_);
    told_.push_back(due);
  }};
  adapters::pg::SandboxGateway gateway_{pool_, 2};
};
INSTANTIATE_TYPED_TEST_SUITE_P(Postgres, PortContract, PgPorts);

using PgGatewayTasksTest = PortContract<PgPorts>;

TEST_F(PgGatewayTasksTest, TellsTheWorkerAfterTheCommitWhenATaskIsDue) {
  EXPECT_FALSE(ports.transactor().run({}, [&](UnitOfWork& unit) -> Result<> {
    ports.tasks().add(unit, capture(1, t0));
    return std::unexpected(app::task_begun());
  }));
  EXPECT_TRUE(ports.told().empty()) << "nothing was committed";
  ASSERT_TRUE(run([&](UnitOfWork& unit) { ports.tasks().add(unit, capture(1, t0)); }));
  ASSERT_TRUE(run([&](UnitOfWork& unit) { ports.tasks().add(unit, capture(2, t0 + minute)); }));
  ASSERT_TRUE(run([&](UnitOfWork& unit) { ports.tasks().postpone(unit, capture(1, t0).key, t0 + 2 * minute); }));
  EXPECT_EQ(ports.told(), (std::vector<pkg::clock::TimePoint>{t0, t0 + minute, t0 + 2 * minute}));
}

using PgPaymentStoreTest = PortContract<PgPorts>;

TEST_F(PgPaymentStoreTest, RemembersWhatItWroteUntilSomebodyElseWasFaster) {
  adapters::pg::PgPaymentStore elsewhere;  // another process
  const auto known = [&] {
    return get(
        [&](UnitOfWork& unit) -> Result<std::optional<domain::Payment>> { return ports.payments().remembered(unit, payment(31).id); });
  };
  EXPECT_FALSE(known());
  ASSERT_TRUE(run([&](UnitOfWork& unit) { ports.payments().save(unit, payment(31)); }));
  EXPECT_EQ(known(), stored(payment(31).id));
  ASSERT_TRUE(run([&](UnitOfWork& unit) { elsewhere.save(unit, stored(payment(31).id)); }));
  const auto behind = known();
  ASSERT_TRUE(behind);
  EXPECT_EQ(behind->version, 1u);
  int attempts = 0;
  ASSERT_TRUE(run([&](UnitOfWork& unit) {
    ++attempts;
    const auto again = ports.payments().remembered(unit, payment(31).id);
    ports.payments().save(unit, again ? *again : ports.payments().load(unit, payment(31).id).value());
  }));
  EXPECT_EQ(attempts, 2) << "once on what was remembered, once on what is stored";
  EXPECT_EQ(known()->version, 3u);
}

TEST_F(PgPaymentStoreTest, ChangesAPaymentInPlaceOnceItIsUsed) {
  using domain::PaymentStatus;
  auto changed = payment(31);
  std::vector<std::int64_t> in_place;
  ASSERT_TRUE(run([&](UnitOfWork& unit) {
    for (const auto status : {PaymentStatus::authorized, PaymentStatus::confirmed, PaymentStatus::capturing, PaymentStatus::captured}) {
      changed.status = status;
      ports.payments().save(unit, changed);
      ++changed.version;
      const auto updated = pkg::postgres::transaction_of(unit).query(
          "SELECT n_tup_hot_upd FROM pg_stat_xact_user_tables WHERE relname = 'payments' AND n_tup_ins = 1");
      in_place.push_back((*updated)[0].int64(0));
    }
  }));
  EXPECT_EQ(in_place, (std::vector<std::int64_t>{0, 0, 1, 2})) << "updates that left no entry in an index";
}

using PgInvoiceStoreTest = PortContract<PgPorts>;

TEST_F(PgInvoiceStoreTest, TakesAnOrderForOneWithoutAnInvoiceUntilASaveHasFailed) {
  adapters::pg::PgInvoiceStore elsewhere;  // another process
  const auto theirs = invoice(51, 1, t0);
  ASSERT_TRUE(run([&](UnitOfWork& unit) { elsewhere.save(unit, theirs); }));
  auto ours = invoice(52, 1, t0);
  ours.order = theirs.order;
  std::vector<bool> seen;
  ASSERT_TRUE(run([&](UnitOfWork& unit) {
    seen.push_back(ports.invoices().exists_for(unit, ours.order).value());
    if (!seen.back()) ports.invoices().save(unit, ours);
  }));
  EXPECT_EQ(seen, (std::vector{false, true})) << "the second time it is looked for";
  EXPECT_EQ(listed({{}, ours.order}), std::vector{theirs.id});
}

TEST_F(PgInvoiceStoreTest, RemembersWhatItWroteLast) {
  auto made = invoice(51, 1, t0);
  const auto known = [&] {
    return get([&](UnitOfWork& unit) -> Result<std::optional<domain::Invoice>> { return ports.invoices().remembered(unit, made.id); });
  };
  EXPECT_FALSE(known());
  ASSERT_TRUE(run([&](UnitOfWork& unit) { ports.invoices().save(unit, made); }));
  made.version = 1;
  EXPECT_EQ(known(), made);
}

using SandboxLedgerTest = PortContract<PgPorts>;

TEST_F(SandboxLedgerTest, KeepsEachRequestOnceForTheAuditor) {
  const auto payment = id<domain::PaymentId>(31);
  for (int i = 0; i < 3; ++i) {
    EXPECT_TRUE(ports.gateway().authorize("a", {payment, "sandbox:approve", eur(500)}));
    EXPECT_TRUE(ports.gateway().capture("c", payment, eur(400)));
  }
  EXPECT_EQ(ports.database().sql(
                "SELECT string_agg(operation || ' ' || amount_minor || ' ' || outcome, ', ' ORDER BY operation) FROM sandbox_ledger"),
            "authorize 500 done, capture 400 done");
}

TEST_F(SandboxLedgerTest, EitherTakesOrGivesBackHoweverManyAskAtOnce) {
  for (std::uint64_t n = 1; n <= 20; ++n) {
    const auto payment = id<domain::PaymentId>(n);
    const auto key = [n](int i) { return std::to_string(n) + " " + std::to_string(i); };
    ASSERT_TRUE(ports.gateway().authorize(key(0), {payment, "sandbox:approve", eur(500)}));
    std::atomic<int> taken = 0;
    {
      std::vector<std::jthread> threads;
      // Of another payment, so that while these are decided the others gather and are decided together.
      for (int i = 5; i <= 6; ++i)
        threads.emplace_back([&, i] { EXPECT_TRUE(ports.gateway().release(key(i), id<domain::PaymentId>(n + 100))); });
      for (int i = 1; i <= 4; ++i) {
        threads.emplace_back([&, i] { taken += ports.gateway().capture(key(i), payment, eur(400)).has_value() ? 1 : 0; });
        threads.emplace_back([&, i] { EXPECT_TRUE(ports.gateway().release(key(-i), payment)); });
      }
    }
    const auto ends =
        ports.database().sql("SELECT count(*) FROM sandbox_ledger WHERE operation <> 'authorize' AND outcome = 'done' AND payment_id = '" +
                             payment.to_string() + "'");
    EXPECT_EQ(ends, "1") << "of payment " << n;
    EXPECT_LE(taken, 1);
  }
  EXPECT_GT(ports.pool().stats().together, 20u) << "requests that were decided in one statement";
}

}  // namespace
}  // namespace payments::tests
