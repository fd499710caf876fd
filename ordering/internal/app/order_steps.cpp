#include "ordering/internal/app/order_steps.hpp"

#include <utility>
#include <variant>

namespace ordering::app {
namespace {

using domain::OrderStatus;
using Step = std::optional<OrderView::Step>;

struct StepOf {
  Step operator()(const domain::OrderCreated& e) const { return {{OrderStatus::pending, e.at, ""}}; }
  Step operator()(const domain::OrderApproved& e) const { return {{OrderStatus::approved, e.at, ""}}; }
  Step operator()(const domain::OrderRejected& e) const {
    std::string reason = e.reason;
    std::erase(reason, '\0');  // histories were texts of PostgreSQL's, which have none, and are shown as they were
    return {{OrderStatus::rejected, e.at, std::move(reason)}};
  }
  Step operator()(const domain::OrderCanceled& e) const { return {{OrderStatus::canceled, e.at, ""}}; }
  Step operator()(const domain::OrderPickedEarly&) const { return {}; }
  Step operator()(const domain::OrderListCanceledEarly&) const { return {}; }
  Step operator()(const domain::OrderReadied& e) const { return {{OrderStatus::ready, e.at, ""}}; }
  Step operator()(const domain::OrderCompleted& e) const { return {{OrderStatus::completed, e.at, ""}}; }
};

}  // namespace

std::optional<OrderView::Step> step_of(const domain::OrderEvent& event) { return std::visit(StepOf{}, event); }

}  // namespace ordering::app
