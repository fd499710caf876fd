#include "mallctl/audit/rules.hpp"

namespace mallctl::audit {
namespace {

void streams_have_no_gaps(const Books& books, Verdict& verdict) {
  verdict.checked(books.streams);
  for (const auto& gap : books.gaps) {
    verdict.wrong({gap.service + ", " + gap.kind + " " + gap.id.to_string(), "events 1 to " + std::to_string(gap.last),
                   std::to_string(gap.count) + " events, from " + std::to_string(gap.first)});
  }
}

void compare(std::string_view what, const pkg::es_pg::ReadModel& model, Verdict& verdict) {
  verdict.checked(model.by_events.size());
  for (const auto& difference : pkg::es_pg::differences(model)) {
    verdict.wrong({named(what, difference.id), difference.what + ": " + difference.by_events + " by its events",
                   difference.in_table.empty() ? "nothing" : difference.in_table});
  }
}

void orders_are_as_told(const Books& books, Verdict& verdict) { compare("order", books.order_model, verdict); }
void stores_are_as_told(const Books& books, Verdict& verdict) { compare("store", books.store_model, verdict); }
void products_are_as_told(const Books& books, Verdict& verdict) { compare("product", books.product_model, verdict); }
void open_baskets_are_as_told(const Books& books, Verdict& verdict) { compare("basket", books.open_baskets, verdict); }

}  // namespace

std::vector<Rule> rules_of_events() {
  return {
      {"streams-have-no-gaps", "the events of an aggregate are numbered from 1 without a gap", {Page::streams}, streams_have_no_gaps},
      {"orders-are-as-told", "the table of orders is what their events make of it", {Page::orders}, orders_are_as_told},
      {"stores-are-as-told", "the table of stores is what their events make of it", {Page::stores}, stores_are_as_told},
      {"products-are-as-told", "the catalog is what the products' events make of it", {Page::stores}, products_are_as_told},
      {"open-baskets-are-as-told", "the table of open baskets is what their events make of it", {Page::baskets}, open_baskets_are_as_told},
  };
}

}  // namespace mallctl::audit
