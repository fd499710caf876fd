#include "ordering/internal/agent/audit.hpp"

#include <array>
#include <cstdint>
#include <utility>
#include <variant>

#include "ordering/internal/adapters/pg/order_codec.hpp"
#include "ordering/internal/adapters/pg/status_words.hpp"
#include "ordering/internal/app/order_steps.hpp"
#include "pkg/es_pg/all_streams.hpp"
#include "pkg/postgres/transactor.hpp"

namespace ordering::agent {
namespace {

using domain::Order;
using pkg::es_pg::ReadModel;
using Stream = pkg::es_pg::Stream<Order>;

// In the words of row_of below.
constexpr std::string_view select_orders =
    "SELECT order_id, status, user_id::text, payment_id::text, currency, total_minor::text, coalesce(shopping_list_id::text, ''),"
    "  coalesce(invoice_id::text, ''), rejection_code, version::text FROM orders";

std::string items_of(const std::vector<domain::OrderItem>& items) {
  std::string text;
  for (const auto& item : items) {
    text += (text.empty() ? "" : "; ") + item.product.to_string() + " of " + item.store.to_string() + " x" + std::to_string(item.quantity) +
            " at " + std::to_string(item.price.minor_units());
  }
  return text;
}

std::string pieces_of(const std::vector<domain::OrderItem>& items) {
  std::map<domain::ProductId, std::int64_t> pieces;
  for (const auto& item : items) pieces[item.product] += item.quantity;
  std::string text;
  for (const auto& [product, quantity] : pieces) text += (text.empty() ? "" : "; ") + product.to_string() + " x" + std::to_string(quantity);
  return text;
}

/// What is shown beside the present state: gathered event by event.
struct Told {
  OrderTold order;
  std::string invoice;
  std::string rejection_code;

  void note(const domain::OrderEvent& event) {
    if (const auto step = app::step_of(event)) order.history.push_back({std::string(adapters::pg::to_word(step->status)), step->at});
    if (const auto* created = std::get_if<domain::OrderCreated>(&event)) {
      order.items = items_of(created->items);
      order.pieces = pieces_of(created->items);
    }
    if (const auto* rejected = std::get_if<domain::OrderRejected>(&event)) rejection_code = rejected->code;
    if (const auto* completed = std::get_if<domain::OrderCompleted>(&event)) invoice = completed->invoice.to_string();
  }
};

ReadModel::Row row_of(const Stream& stream, const Told& told) {
  const Order& order = stream.state;
  ReadModel::Row row{{"status", std::string(adapters::pg::to_word(order.status))},
                     {"user", order.user.to_string()},
                     {"payment", order.payment.to_string()},
                     {"currency", order.total.currency().to_string()},
                     {"total", std::to_string(order.total.minor_units())},
                     {"shopping list", order.shopping_list ? order.shopping_list->to_string() : ""},
                     {"rejection code", told.rejection_code},
                     {"version", std::to_string(stream.version)}};
  // Before that, it is an invoice that ordering was told of, and no event of the order's.
  if (!told.invoice.empty()) row["invoice"] = told.invoice;
  return row;
}

}  // namespace

pkg::errors::Result<OrderBooks> audit_orders(pkg::uow::UnitOfWork& unit) {
  OrderBooks books;
  ReadModel& model = books.orders;
  Told told;
  const auto folded = pkg::es_pg::for_each_stream<Order>(
      unit, adapters::pg::order_codec(),
      [&](const Stream& stream) {
        model.by_events[stream.id] = row_of(stream, told);
        if (!stream.unreadable.empty()) model.unreadable[stream.id] = stream.unreadable;
        books.told[stream.id] = std::move(told.order);
        told = {};
      },
      [&](const Stream&, const domain::OrderEvent& event) { told.note(event); });
  if (!folded) return pkg::errors::pass_on(folded);
  const auto rows = pkg::postgres::transaction_of(unit).query(select_orders);
  if (!rows) return pkg::errors::pass_on(rows);
  constexpr std::array names{"status", "user", "payment", "currency", "total", "shopping list", "invoice", "rejection code", "version"};
  for (const auto row : *rows) {
    auto& stored = model.in_table[row.uuid(0)];
    for (std::size_t i = 0; i < names.size(); ++i) stored[names[i]] = row.text(static_cast<int>(i) + 1);
  }
  return books;
}

}  // namespace ordering::agent
