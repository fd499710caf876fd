#pragma once
// What the use cases of payments need from outside. Adapters: adapters/pg, ports/handlers; fakes: tests/fakes.hpp. The gateway has a
// header of its own: payment_gateway.hpp.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "payments/internal/domain/invoice.hpp"
#include "payments/internal/domain/payment.hpp"
#include "pkg/errors/error.hpp"
#include "pkg/paging/paging.hpp"
#include "pkg/uow/unit_of_work.hpp"

namespace payments::app {

class PaymentStore {
 public:
  virtual ~PaymentStore() = default;
  /// With status none where there is no such payment. Fails with `unavailable`, or `internal` where a row cannot be read.
  virtual pkg::errors::Result<domain::Payment> load(pkg::uow::UnitOfWork& unit, const domain::PaymentId& id) = 0;
  /// As this process wrote it last, where that is known; others may have changed it since. For whoever saves what follows from it.
  virtual std::optional<domain::Payment> remembered(pkg::uow::UnitOfWork& unit, const domain::PaymentId& id) = 0;
  /// Stores the state as the version after its own. The unit fails with `contended` where another one was faster.
  virtual void save(pkg::uow::UnitOfWork& unit, const domain::Payment& payment) = 0;
  /// At most `limit` payments that no order has used and whose time is over at `now`, the longest over first. Fails with `unavailable`.
  virtual pkg::errors::Result<std::vector<domain::PaymentId>> expired(pkg::uow::UnitOfWork& unit, pkg::clock::TimePoint now, int limit) = 0;
};

/// Which invoices a list is of; what is not given does not matter.
struct InvoiceFilter {
  std::optional<domain::UserId> user;
  std::optional<domain::OrderId> order;
};

class InvoiceStore {
 public:
  virtual ~InvoiceStore() = default;
  /// With status none where there is no such invoice. Fails as PaymentStore::load does.
  virtual pkg::errors::Result<domain::Invoice> load(pkg::uow::UnitOfWork& unit, const domain::InvoiceId& id) = 0;
  /// As PaymentStore::remembered.
  virtual std::optional<domain::Invoice> remembered(pkg::uow::UnitOfWork& unit, const domain::InvoiceId& id) = 0;
  /// Stores the state as the version after its own. The unit fails with `contended` where another one was faster, or has made an
  /// invoice for the same order.
  virtual void save(pkg::uow::UnitOfWork& unit, const domain::Invoice& invoice) = 0;
  /// For whoever saves a new one where there is none: it may say no of what this process has not written, and looks once such a save
  /// has failed with `contended`. Fails with `unavailable`.
  virtual pkg::errors::Result<bool> exists_for(pkg::uow::UnitOfWork& unit, const domain::OrderId& order) = 0;
  /// Newest first. Fails with `unavailable`, or `malformed` where the cursor is not its own.
  virtual pkg::errors::Result<pkg::paging::Slice<domain::Invoice>> list(pkg::uow::UnitOfWork& unit, const InvoiceFilter& filter,
                                                                        const pkg::paging::Page& page) = 0;
  static constexpr std::size_t cursor_parts = 2;
};

/// Tells the other services what happened; leaves with the commit of the unit of work.
class PaymentNews {
 public:
  virtual ~PaymentNews() = default;
  /// `after` is the payment as it is stored, with its new version.
  virtual void tell(pkg::uow::UnitOfWork& unit, const domain::Payment& after, std::span<const domain::PaymentEvent> events) = 0;
};
class InvoiceNews {
 public:
  virtual ~InvoiceNews() = default;
  virtual void tell(pkg::uow::UnitOfWork& unit, const domain::Invoice& after, std::span<const domain::InvoiceEvent> events) = 0;
};

enum class GatewayOperation : std::uint8_t { capture, release };

/// Something that the gateway has to be asked until it has answered. Written in the unit of work that decides it.
struct GatewayTask {
  std::string key;  ///< the idempotency key; a task of the same key is there once
  domain::PaymentId payment;
  GatewayOperation operation = GatewayOperation::release;
  std::optional<domain::InvoiceId> invoice{};  ///< which a capture pays
  std::optional<pkg::money::Money> amount{};   ///< of a capture
  pkg::clock::TimePoint due_at;
  int attempts = 0;         ///< begun so far
  pkg::uow::Cause cause{};  ///< on whose behalf; that of the unit which added it

  friend bool operator==(const GatewayTask& a, const GatewayTask& b) { return a.key == b.key; }
};

/// Somebody has begun the task that was to be taken back, or done it.
inline pkg::errors::Error task_begun() {
  return {pkg::errors::ErrorKind::conflict, "task_begun", "The gateway is being asked already.", {}};
}

/// The tasks that are not done yet.
class GatewayTasks {
 public:
  virtual ~GatewayTasks() = default;
  /// Does nothing where there is one of that key. The worker is told after the commit when the task is due, here and by
  /// postpone.
  virtual void add(pkg::uow::UnitOfWork& unit, const GatewayTask& task) = 0;
  /// Does nothing where it is not there.
  virtual void remove(pkg::uow::UnitOfWork& unit, const std::string& key) = 0;
  /// Like remove, but the unit fails with `contended` where it is not there.
  virtual void finish(pkg::uow::UnitOfWork& unit, const std::string& key) = 0;
  /// Like remove, but the unit fails with task_begun() where it has been begun or done.
  virtual void take_back(pkg::uow::UnitOfWork& unit, const std::string& key) = 0;
  virtual void postpone(pkg::uow::UnitOfWork& unit, const std::string& key, pkg::clock::TimePoint due_at) = 0;
  /// The capture that pays an invoice. Fails with `unavailable`.
  virtual pkg::errors::Result<std::optional<GatewayTask>> capture_of(pkg::uow::UnitOfWork& unit, const domain::InvoiceId& invoice) = 0;
  /// At most `limit` tasks that are due at `now`, the longest due first, with one attempt more; nobody else gets them before `until`.
  virtual pkg::errors::Result<std::vector<GatewayTask>> claim(pkg::uow::UnitOfWork& unit, pkg::clock::TimePoint now,
                                                              pkg::clock::TimePoint until, int limit) = 0;
  /// When the next one is due; nothing where there is none.
  virtual pkg::errors::Result<std::optional<pkg::clock::TimePoint>> next_due(pkg::uow::UnitOfWork& unit) = 0;
};

}  // namespace payments::app
