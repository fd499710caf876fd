#include "depot/internal/agent/audit.hpp"

#include "depot/internal/adapters/pg/stops_codec.hpp"
#include "pkg/postgres/transactor.hpp"

namespace depot::agent {
namespace {

std::string pieces_of(const std::vector<domain::Stop>& stops) {
  std::map<domain::ProductId, std::int64_t> pieces;
  for (const auto& stop : stops) {
    for (const auto& item : stop.items) pieces[item.product] += item.quantity;
  }
  std::string text;
  for (const auto& [product, count] : pieces) text += (text.empty() ? "" : "; ") + product.to_string() + " x" + std::to_string(count);
  return text;
}

}  // namespace

pkg::errors::Result<std::map<pkg::ids::Uuid, std::string>> audit_lists(pkg::uow::UnitOfWork& unit) {
  const auto rows = pkg::postgres::transaction_of(unit).query("SELECT shopping_list_id, stops FROM shopping_lists");
  if (!rows) return pkg::errors::pass_on(rows);
  std::map<pkg::ids::Uuid, std::string> lists;
  for (const auto row : *rows) {
    const auto stops = adapters::pg::decode_stops(row.bytes(1));
    if (!stops) return pkg::errors::pass_on(stops);
    lists[row.uuid(0)] = pieces_of(*stops);
  }
  return lists;
}

}  // namespace depot::agent
