#include "baskets/internal/agent/audit.hpp"

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
  BasketBooks books;
  const auto folded = pkg::es_pg::for_each_stream<Basket>(unit, adapters::pg::basket_codec(), [&](const Stream& stream) {
    if (stream.state.status == BasketStatus::checked_out) books.checked_out.push_back(read(stream));
    if (stream.state.status == BasketStatus::open || !stream.unreadable.empty())
      books.open.by_events[stream.id]["touched at"] = std::to_string(pkg::clock::unix_us(stream.state.touched_at));
    if (!stream.unreadable.empty()) books.open.unreadable[stream.id] = stream.unreadable;
  });
  if (!folded) return pkg::errors::pass_on(folded);
  const auto rows = pkg::postgres::transaction_of(unit).query(
      "SELECT basket_id, (extract(epoch FROM touched_at) * 1000000)::bigint::text FROM open_baskets");
  if (!rows) return pkg::errors::pass_on(rows);
  for (const auto row : *rows) books.open.in_table[row.uuid(0)]["touched at"] = row.text(1);
  return books;
}

}  // namespace baskets::agent
