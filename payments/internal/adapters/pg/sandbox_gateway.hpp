#pragma once

#include "payments/internal/app/payment_gateway.hpp"
#include "pkg/postgres/pool.hpp"
#include "pkg/postgres/transactor.hpp"

namespace payments::adapters::pg {

/// A gateway that moves no money: the same request gets the same answer every time. It plays an outside party, so it keeps books of
/// its own (table sandbox_ledger) in transactions of its own; they survive a restart, and an auditor can hold them against payments.
/// Methods:
///   sandbox:approve        does everything
///   sandbox:decline        holds nothing
///   sandbox:capture-fails  holds the money, and refuses for good to take it
///   sandbox:flaky          is unavailable the first times that an operation is asked for by its key, then like approve
/// Where the database is away the gateway is unavailable.
class SandboxGateway final : public app::PaymentGateway {
 public:
  /// The pool outlives the gateway. `flaky_failures`: how often sandbox:flaky is unavailable per key.
  SandboxGateway(pkg::postgres::Pool& pool, int flaky_failures) : books_(pool), flaky_failures_(flaky_failures) {}

  Answer authorize(const std::string& key, const Hold& hold) override;
  Answer capture(const std::string& key, const domain::PaymentId& payment, const pkg::money::Money& amount) override;
  Answer release(const std::string& key, const domain::PaymentId& payment) override;

 private:
  pkg::postgres::PgTransactor books_;
  const int flaky_failures_;
};

}  // namespace payments::adapters::pg
