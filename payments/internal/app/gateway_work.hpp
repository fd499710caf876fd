#pragma once

#include <cstddef>
#include <functional>
#include <optional>

#include "payments/internal/app/changes.hpp"
#include "payments/internal/app/payment_gateway.hpp"

namespace payments::app {

/// How long who has claimed a task, or begins it right after its commit, has it for itself. Two at the same time would do no harm (the
/// gateway knows the key), only work.
constexpr pkg::clock::Duration task_lease = std::chrono::seconds{30};

/// How long to wait after so many attempts: a fifth of a second, doubling to a minute.
pkg::clock::Duration wait_after(int attempts);

/// Does the tasks: asks the gateway, outside of any unit of work, then records its answer. A crash at any moment leaves the task
/// there, and it is done again under the same key: nothing is captured twice and no capture is forgotten.
class GatewayWork {
 public:
  /// All of them outlive this.
  GatewayWork(pkg::uow::Transactor& transactor, GatewayTasks& tasks, PaymentGateway& gateway, const PaymentChanges& payments,
              const InvoiceChanges& invoices)
      : transactor_(transactor), tasks_(tasks), gateway_(gateway), payments_(payments), invoices_(invoices) {}

  /// Asks once. Fails with capture_failed where a capture was refused, with `unavailable`, code "gateway_unavailable", where the task stays
  /// and is done later, and as Transactor does.
  pkg::errors::Result<> perform(const pkg::uow::Cause& cause, const GatewayTask& task) const;

  struct Round {
    int begun = 0;
    std::optional<pkg::clock::TimePoint> next_due;  ///< nothing where no task is left
  };
  /// Does `work(i)` for each i below `count`, some of them at the same time perhaps, and returns when all are done.
  using Spread = std::function<void(std::size_t count, const std::function<void(std::size_t)>& work)>;
  /// Performs at most `limit` tasks that are due, as `spread` does. What the gateway says is recorded; fails as Transactor does.
  pkg::errors::Result<Round> perform_due(int limit, const Spread& spread) const;

 private:
  pkg::errors::Result<> capture(const pkg::uow::Cause& cause, const GatewayTask& task) const;
  pkg::errors::Result<> release(const pkg::uow::Cause& cause, const GatewayTask& task) const;
  pkg::errors::Result<> record_capture(pkg::uow::UnitOfWork& unit, const GatewayTask& task, bool done) const;
  bool record_capture_of_remembered(pkg::uow::UnitOfWork& unit, const GatewayTask& task, bool done) const;
  pkg::errors::Result<> later(const pkg::uow::Cause& cause, const GatewayTask& task) const;

  pkg::uow::Transactor& transactor_;
  GatewayTasks& tasks_;
  PaymentGateway& gateway_;
  const PaymentChanges& payments_;
  const InvoiceChanges& invoices_;
};

}  // namespace payments::app
