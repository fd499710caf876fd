#include "mallctl/audit/rules.hpp"

namespace mallctl::audit {
namespace {

constexpr std::chrono::hours sagas_are_kept{24 * 80};  ///< cosec removes ended ones after 90 days, unless it is told otherwise

void saga_in_time(const Books& books, Verdict& verdict) {
  for (const auto& [id, saga] : books.sagas) {
    verdict.checked();
    if (saga.has_ended()) continue;
    const Finding finding{named("saga", id), saga.alert ? "progress, but its alert is raised" : "the next step by now",
                          saga.status + ", " + saga.step};
    if (saga.alert) {
      verdict.wrong(finding);
    } else {
      verdict.late(saga.changed_at, finding);
    }
  }
}

bool agree(std::string_view saga, const Order& order) {
  if (saga == "completed") return order.was("approved");
  if (saga == "compensated") return order.is_undone() && !order.was("approved");
  return order.status == "canceled";
}

void saga_ends_with_order(const Books& books, Verdict& verdict) {
  for (const auto& [id, order] : books.orders) {
    verdict.checked();
    const auto found = books.sagas.find(id);
    if (found == books.sagas.end()) {
      if (verdict.now() - order.created_at < sagas_are_kept)
        verdict.late(order.created_at, {named("saga", id), "one for the order", "none"});
    } else if (found->second.has_ended()) {
      if (!agree(found->second.status, order))
        verdict.wrong({named("saga", id), "an end that fits its order, which is " + order.status, found->second.status});
    } else if (order.status != "pending") {
      verdict.late(order.changed_at, {named("saga", id), "ended, as its order is " + order.status, found->second.status});
    }
  }
  for (const auto& [id, saga] : books.sagas) {
    if (!books.orders.contains(id)) verdict.wrong({named("saga", id), "an order of that id", "none"});
  }
}

}  // namespace

std::vector<Rule> rules_of_sagas() {
  return {
      {"saga-in-time", "a saga has ended, or made a step within its time, and has no alert raised", {Page::sagas}, saga_in_time},
      {"saga-ends-with-order",
       "each order has its saga, and a saga that has ended did so as its order did",
       {Page::sagas, Page::orders},
       saga_ends_with_order},
  };
}

}  // namespace mallctl::audit
