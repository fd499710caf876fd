#include "search/internal/agent/audit.hpp"

#include "pkg/postgres/transactor.hpp"
#include "search/internal/adapters/pg/order_items_codec.hpp"

namespace search::agent {
namespace {

constexpr std::string_view select_items =
    "SELECT order_id, items, product_ids, store_ids,"
    " coalesce((SELECT string_agg(format('%s of %s x%s at %s', product_id, store_id, quantity, price_minor), '; ' ORDER BY line)"
    "  FROM order_items i WHERE i.order_id = o.order_id AND o.items IS NULL), '') FROM orders o";

std::string text_of(const std::vector<app::OrderedItem>& items) {
  std::string text;
  for (const auto& item : items) {
    text += (text.empty() ? "" : "; ") + item.product.to_string() + " of " + item.store.to_string() + " x" + std::to_string(item.quantity) +
            " at " + std::to_string(item.price.minor_units());
  }
  return text;
}

}  // namespace

pkg::errors::Result<std::map<pkg::ids::Uuid, std::string>> audit_items(pkg::uow::UnitOfWork& unit) {
  const auto rows = pkg::postgres::transaction_of(unit).query(select_items);
  if (!rows) return pkg::errors::pass_on(rows);
  std::map<pkg::ids::Uuid, std::string> orders;
  for (const auto row : *rows) {
    auto& order = orders[row.uuid(0)];
    if (row.is_null(1)) {
      order = row.text(4);
      continue;
    }
    const auto items = adapters::pg::decode_items(row.bytes(1), row.uuids(2), row.uuids(3));
    if (!items) return pkg::errors::pass_on(items);
    order = text_of(*items);
  }
  return orders;
}

}  // namespace search::agent
