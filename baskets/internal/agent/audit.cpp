#include "baskets/internal/agent/audit.hpp"

#include <map>
#include <string_view>

#include "baskets/internal/adapters/pg/basket_codec.hpp"
#include "pkg/es_pg/all_streams.hpp"
#include "pkg/postgres/transactor.hpp"

namespace baskets::agent {
namespace {

using domain::Basket;
using domain::BasketStatus;
using Stream = pkg::es_pg::Stream<Basket>;

std::string items_of(const Basket& basket) {
  std::string text;
  for (const auto& item : basket.items) {
    text += (text.empty() ? "" : "; ") + item.product.to_string() + " of " + item.store.to_string() + " x" + std::to_string(item.quantity) +
            " at " + std::to_string(item.price.minor_units());
  }
  return text;
}

CheckedOutBasket read(const Stream& stream) {
  const Basket& basket = stream.state;
  CheckedOutBasket read{
      .id = stream.id, .user = basket.owner.value(), .payment = {}, .currency = {}, .items = items_of(basket), .at = basket.touched_at};
  if (basket.payment) read.payment = basket.payment->value();
  if (const auto total = domain::total(basket)) {
    read.currency = total->currency().to_string();
    read.total_minor = total->minor_units();
  }
  return read;
}

}  // namespace

pkg::errors::Result<BasketBooks> audit_baskets(pkg::uow::UnitOfWork& unit) {
  // Listed with a later time than that at which it was touched, a basket would stay for longer than its lifetime.
  static constexpr std::string_view in_time = "in time", too_late = "too late";
  BasketBooks books;
  std::map<pkg::ids::Uuid, pkg::clock::TimePoint> touched_at;
  const auto folded = pkg::es_pg::for_each_stream<Basket>(unit, adapters::pg::basket_codec(), [&](const Stream& stream) {
    if (stream.state.status == BasketStatus::checked_out) books.checked_out.push_back(read(stream));
    if (stream.state.status == BasketStatus::open || !stream.unreadable.empty()) {
      books.open.by_events[stream.id]["looked at"] = in_time;
      touched_at[stream.id] = stream.state.touched_at;
    }
    if (!stream.unreadable.empty()) books.open.unreadable[stream.id] = stream.unreadable;
  });
  if (!folded) return pkg::errors::pass_on(folded);
  const auto rows = pkg::postgres::transaction_of(unit).query("SELECT basket_id, touched_at FROM open_baskets");
  if (!rows) return pkg::errors::pass_on(rows);
  for (const auto row : *rows) {
    const auto touched = touched_at.find(row.uuid(0));
    books.open.in_table[row.uuid(0)]["looked at"] = touched != touched_at.end() && row.time(1) > touched->second ? too_late : in_time;
  }
  return books;
}

}  // namespace baskets::agent
