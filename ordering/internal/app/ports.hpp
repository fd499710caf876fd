#pragma once
// What the use cases of ordering need from outside. Adapters: adapters/pg, ports/handlers; fakes: tests/fakes.hpp.

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "ordering/internal/domain/order.hpp"
#include "pkg/errors/error.hpp"
#include "pkg/es/event_store.hpp"
#include "pkg/paging/paging.hpp"
#include "pkg/uow/unit_of_work.hpp"

namespace ordering::app {

using OrderStore = pkg::es::EventStore<domain::Order>;

/// An order as it is shown: the read side of CQRS.
struct OrderView {
  struct Step {
    domain::OrderStatus status;
    pkg::clock::TimePoint at;
    std::string detail;
  };
  domain::OrderId id;
  domain::UserId user;
  domain::PaymentId payment;
  domain::OrderStatus status = domain::OrderStatus::none;
  std::vector<domain::OrderItem> items;
  pkg::money::Money total;
  std::optional<domain::ShoppingListId> shopping_list;
  std::optional<domain::InvoiceId> invoice;
  std::string rejection_code;  ///< empty unless it was rejected
  pkg::clock::TimePoint created_at;
  pkg::es::Version version = 0;
  std::vector<Step> history;  ///< oldest first; empty in lists
};

/// The read model, kept in step with the events in the same unit of work.
class OrderBook {
 public:
  virtual ~OrderBook() = default;
  /// `after` is the order after all the events.
  virtual void note(pkg::uow::UnitOfWork& unit, const domain::OrderId& id, const pkg::es::Loaded<domain::Order>& after,
                    std::span<const domain::OrderEvent> events) = 0;
  /// The invoice that is to be paid. The unit fails with no_such_order where the order has not been noted.
  virtual void note_invoice(pkg::uow::UnitOfWork& unit, const domain::OrderId& id, const domain::InvoiceId& invoice) = 0;
  /// With its history. Fails with `unavailable`.
  virtual pkg::errors::Result<std::optional<OrderView>> find(pkg::uow::UnitOfWork& unit, const domain::OrderId& id) = 0;
  /// Newest first. The cursor has two parts. Fails with `unavailable`, or `malformed` where the cursor is not its own.
  virtual pkg::errors::Result<pkg::paging::Slice<OrderView>> of_user(pkg::uow::UnitOfWork& unit, const domain::UserId& user,
                                                                     const pkg::paging::Page& page) = 0;
  static constexpr std::size_t cursor_parts = 2;
};

/// Tells the other services what happened; leaves with the commit of the unit of work.
class OrderNews {
 public:
  virtual ~OrderNews() = default;
  /// `after` is the order after all the events; its version is that of the last of them.
  virtual void tell(pkg::uow::UnitOfWork& unit, const domain::OrderId& id, const pkg::es::Loaded<domain::Order>& after,
                    std::span<const domain::OrderEvent> events) = 0;
};

}  // namespace ordering::app
