#pragma once

#include <optional>
#include <utility>

#include "payments/internal/app/ports.hpp"
#include "pkg/clock/clock.hpp"

namespace payments::app {

/// For callers who insist on the version they saw; fails with `stale`, code "stale_version".
pkg::errors::Result<> check_version(std::uint64_t present, std::optional<std::uint64_t> expected);

/// What all commands on payments share: load, decide, save at the version that was loaded, tell the others, and have the gateway give
/// back what is released.
class PaymentChanges {
 public:
  /// All of them outlive this.
  PaymentChanges(PaymentStore& store, GatewayTasks& tasks, PaymentNews& news, const pkg::clock::Clock& clock)
      : store_(store), tasks_(tasks), news_(news), clock_(clock) {}

  pkg::clock::TimePoint now() const { return clock_.now(); }
  pkg::errors::Result<domain::Payment> load(pkg::uow::UnitOfWork& unit, const domain::PaymentId& id) const { return store_.load(unit, id); }
  std::optional<domain::Payment> remembered(pkg::uow::UnitOfWork& unit, const domain::PaymentId& id) const {
    return store_.remembered(unit, id);
  }

  /// `decide(const domain::Payment&) -> domain::PaymentDecision`. Gives the payment after the change. Fails with the decision's rejection,
  /// and as PaymentStore does.
  template <class Decide>
  pkg::errors::Result<domain::Payment> change(pkg::uow::UnitOfWork& unit, const domain::PaymentId& id, Decide&& decide) const {
    if (const auto known = store_.remembered(unit, id)) {
      // Only what is saved is checked at the commit.
      domain::PaymentDecision decision = decide(*known);
      if (decision && decision->state != *known) return record(unit, *known, std::move(*decision));
    }
    auto before = store_.load(unit, id);
    if (!before) return before;
    domain::PaymentDecision decision = decide(std::as_const(*before));
    if (!decision) return std::unexpected(domain::to_error(decision.error()));
    return record(unit, *before, std::move(*decision));
  }

  /// Saves and tells a change; gives the payment as it is stored.
  domain::Payment record(pkg::uow::UnitOfWork& unit, const domain::Payment& before, domain::PaymentChange change) const;

 private:
  PaymentStore& store_;
  GatewayTasks& tasks_;
  PaymentNews& news_;
  const pkg::clock::Clock& clock_;
};

/// The same for invoices.
class InvoiceChanges {
 public:
  /// All of them outlive this.
  InvoiceChanges(InvoiceStore& store, InvoiceNews& news) : store_(store), news_(news) {}

  pkg::errors::Result<domain::Invoice> load(pkg::uow::UnitOfWork& unit, const domain::InvoiceId& id) const { return store_.load(unit, id); }
  std::optional<domain::Invoice> remembered(pkg::uow::UnitOfWork& unit, const domain::InvoiceId& id) const {
    return store_.remembered(unit, id);
  }

  template <class Decide>
  pkg::errors::Result<domain::Invoice> change(pkg::uow::UnitOfWork& unit, const domain::InvoiceId& id,
                                              std::optional<std::uint64_t> if_version, Decide&& decide) const {
    auto before = store_.load(unit, id);
    if (!before) return before;
    pkg::errors::Result<domain::InvoiceDecision> decision = decide(std::as_const(*before));
    if (!decision) return pkg::errors::pass_on(decision);
    if (!*decision) return std::unexpected(domain::to_error(decision->error()));
    if (auto fresh = check_version(before->version, if_version); !fresh) return pkg::errors::pass_on(fresh);
    return record(unit, *before, std::move(**decision));
  }

  domain::Invoice record(pkg::uow::UnitOfWork& unit, const domain::Invoice& before, domain::InvoiceChange change) const;

 private:
  InvoiceStore& store_;
  InvoiceNews& news_;
};

}  // namespace payments::app
